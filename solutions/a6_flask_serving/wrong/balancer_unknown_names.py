# /// variant
# misconception = "unknown-names"
# fails = ["test_what_cannot_be_is_refused"]
# hints = ["unknown-names"]
# ///
# Unknown names.


# %% task="a6_t8"
class Balancer:
    """Spreads requests over servers: the fewest in hand first."""

    def __init__(self, names):
        self.in_hand = dict.fromkeys(names, 0)
        self.last_pick = dict.fromkeys(names, -1)
        self.down = set()
        self.picks = 0

    def pick(self):
        up = [name for name in self.in_hand if name not in self.down]
        if not up:
            raise RuntimeError("no server is up")
        name = min(up, key=lambda one: (self.in_hand[one], self.last_pick[one]))
        self.in_hand[name] += 1
        self.last_pick[name] = self.picks
        self.picks += 1
        return name

    def finished(self, name):
        if self.in_hand.get(name, 0) == 0:
            raise ValueError(f"{name} has nothing in hand")
        self.in_hand[name] -= 1

    def failed(self, name):
        self.finished(name)
        self.down.add(name)

    def recovered(self, name):
        self.down.discard(name)
