"""Drills: workers and web servers that are killed, frozen, robbed of their database or lied to about the time, and runs
that must come out as if nothing had happened.

`python -m tests.drills [--database URL] [NAME …]` plays the whole matrix; the test command plays one drill of each kind.
Nothing of this is in the product: a drill's worker is a process of its own in which `traps` wraps the product's functions.

* `scene`: the formation that is played, and `cast`: its suggestors and the providers that count how often they are called.
* `worker`: the process in which product code runs; `traps`: where in it something happens, and what.
* `stage`: starts workers and web servers, decides gates; `checks`: what must hold after every drill.
* `killing`, `questions`, `storage`, `clocks`, `rivals`, `cancelling`, `hanging`, `web`: the drills.
"""
