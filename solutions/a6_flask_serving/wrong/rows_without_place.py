# /// variant
# misconception = "reason-without-a-place"
# fails = [
#     "test_row_with_other_keys_is_refused_and_the_key_named",
#     "test_values_that_are_no_finite_numbers_are_refused",
# ]
# hints = ["reason-without-a-place"]
# ///
# Reason without a place.


# %% task="a6_t2"
def rows_of(body, features, most_rows=100):
    """Return the rows of a request as an array of shape (n, d), or raise Refused."""
    try:
        asked = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
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
        raise Refused(422, f"A reading {problem}.")
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
    raise Refused(422, f"A reading must be a finite number.")
