# /// attack
# catalogue = "fairness twin: words that attackers use"
# aim = "marks"
# base = "solved"
# twin = true
# ///
# An honest answer that speaks of canaries, hidden tests, scripts and =1+1.

# %%
canary = "a bird; the hidden tests; =1+1; os._exit(0); <script>"
print(canary, "4 of 4 points", "\x1b[32mgreen\x1b[0m")
