# /// variant
# misconception = "service-predict-only"
# fails = [
#     "test_odd_and_hostile_requests_are_refused",
#     "test_clients_that_hang_up_leave_a_service_behind",
# ]
# hints = []
# ///
# Service predict only.


# %% task="a6_t9"
def create_service(path):
    app = Flask("service")
    model = course.StandInService.load(path)

    @app.post("/predict")
    def answer():
        rows = request.get_json()["rows"]
        table = np.array([[row[name] for name in model["features"]] for row in rows])
        probabilities = course.StandInService.predict(model, table)
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    return app
