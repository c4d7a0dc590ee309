from clew.detection import actions, queries
from clew.declare import registry
from clew.linkage import queries as lq
import time
def test_x(village):
    t=time.time()
    for r in village.receipts: print(r)
    a = actions.run(by=village.by, detectors=list(registry.detectors().values()), overrides={})
    for o in a.outcomes: print(o)
    print(time.time()-t)
    for h in queries.current_hits(): print(h.clue.fact_key, h.severity, h.fund, h.account, h.untested)
    print(lq.links()); print(lq.conflicts())
