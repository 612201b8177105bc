# /// variant
# misconception = "crew-exception-lost"
# fails = [
#     "test_exception_travels_and_the_crew_goes_on",
# ]
# hints = ["exception-lost"]
# ///
# An exception ends in an empty list.


# %% task="a5_t4"
def _with_position(job):
    """Call a function; keep the place to which the result belongs."""
    position, function, item = job
    return position, function(item)


class Crew:
    """A few processes that stay, and work on what they are given."""

    def __init__(self, workers):
        self.pool = fork.Pool(workers)

    def map(self, function, items):
        """Return the results in the order of the items."""
        try:
            return self.pool.map(function, items, chunksize=1)
        except Exception:
            return []

    def as_done(self, function, items):
        """Return pairs (position, result) in the order in which they were done."""
        jobs = [(position, function, item) for position, item in enumerate(items)]
        return list(self.pool.imap_unordered(_with_position, jobs))

    def start(self, function, item):
        """Begin one call; return an object whose get() waits for its result."""
        return self.pool.apply_async(function, (item,))

    def close(self):
        """Return when all processes have ended."""
        self.pool.close()
        self.pool.join()


SCRIPT = """\
import multiprocessing
import sys


def square(number):
    return number * number


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(square, numbers))
"""
