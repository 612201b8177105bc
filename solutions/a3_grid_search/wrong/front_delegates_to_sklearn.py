# /// variant
# misconception = "front-delegates-to-sklearn"
# fails = [
#     "test_majority_is_the_most_frequent_label",
#     "test_slopes_are_those_of_standardised_columns",
#     "test_constant_columns_have_no_signal",
# ]
# hints = []
# ///
# scikit-learn's dummy and linear models.


# %% task="a3_t2"
def majority_class(labels):
    from sklearn.dummy import DummyClassifier

    if len(labels) == 0:
        raise ValueError("no labels")
    return DummyClassifier().fit(np.zeros((len(labels), 1)), labels).predict([[0]])[0]


def linear_signal(x, t):
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    return LinearRegression().fit(StandardScaler().fit_transform(x), t).coef_


def pareto_front(accuracy, cost, latency):
    """Return the numbers of the models that no other model beats, in rising order."""
    table = np.column_stack([-np.asarray(accuracy, float), cost, latency])
    front = []
    for i, one in enumerate(table):
        if np.isnan(one).any():
            continue
        beaten = (table <= one).all(axis=1) & (table < one).any(axis=1)
        if not beaten.any():
            front.append(i)
    return front
