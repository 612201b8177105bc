# /// variant
# misconception = "depth-forgotten"
# fails = ["test_bytes_that_are_no_json_are_refused_with_400"]
# hints = ["depth-forgotten"]
# ///
# Depth forgotten.


# %% task="a6_t2"
def rows_of(body, features, most_rows=100):
    """Return the rows of a request as an array of shape (n, d), or raise Refused."""
    try:
        asked = json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise Refused(400, "The body is not JSON in UTF-8.") from error
    rows = asked.get("rows") if isinstance(asked, dict) else None
    if not isinstance(rows, list) or not rows:
        raise Refused(422, 'The body must be an object with a list of rows under "rows".')
    if len(rows) > most_rows:
        raise Refused(413, f"{len(rows)} rows are too many; send {most_rows} at most at once.")
    return np.array([row_of(row, number, features) for number, row in enumerate(rows)])


def row_of(row, number, features):
    """Return one row as a list of floats in the order of the features."""
    if not isinstance(row, dict):
        raise Refused(422, f"Row {number} must be an object with {', '.join(features)}.")
    for name in sorted(set(row) ^ set(features)):
        problem = "is missing" if name in features else "is not known"
        raise Refused(422, f"Row {number}: {name} {problem}.")
    return [number_of(row[name], f"Row {number}: {name}") for name in features]


def number_of(value, place):
    """Return a JSON number as a finite float."""
    if type(value) in (int, float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise Refused(422, f"{place} must be a finite number.")
