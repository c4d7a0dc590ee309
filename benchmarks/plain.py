"""The base rule of each detector as a person would write it in SQL, over the lake's own files.

One column per part of the fact: subject, then the fact key. The made data hold no reversals, no
fee lines, no merged institutions and nothing that excuses, so that base rule and conditions are
the whole of each rule. `{settlements}` and the others stand for the datasets' files.
"""

from __future__ import annotations

_STAYS = """
    stays AS (
        SELECT i.certno AS person, i.mdtrt_id AS visit, i.fixmedins_code AS code,
               i.adm_time::DATE AS start, i.dscg_time::DATE AS stop, i.dscg_way AS way,
               i.emer_flag AS emergency, left(s.dise_codg, 3) AS category
        FROM {inpatients} AS i JOIN {settlements} AS s USING (mdtrt_id)
    )
"""
_DEATH_CARD = """
    SELECT DISTINCT s.certno, d.death_time::DATE
    FROM {settlements} AS s JOIN {deaths} AS d USING (certno)
    WHERE greatest(s.begntime, s.setl_time)::DATE > d.death_time::DATE
"""
_OVERLAPPING = f"""
    WITH {_STAYS}
    SELECT a.person, least(a.visit, b.visit), greatest(a.visit, b.visit)
    FROM stays AS a JOIN stays AS b ON a.person = b.person AND a.code <> b.code
     AND (a.start, a.visit) < (b.start, b.visit)
    WHERE least(a.stop, b.stop) - b.start > 1 OR a.stop = b.start
"""
_ELSEWHERE = f"""
    WITH {_STAYS}
    SELECT DISTINCT o.certno, o.mdtrt_id
    FROM {{settlements}} AS o JOIN stays ON o.certno = stays.person
     AND o.begntime::DATE > stays.start AND o.begntime::DATE < stays.stop
     AND o.fixmedins_code <> stays.code
    WHERE o.med_type NOT IN ('21', '22', '23', '24', '52')
"""
# An institution's readmissions in twelve months, in a million stays, must lie more than two
# standard deviations above the other institutions of its level.
_SPLIT = f"""
    WITH {_STAYS}, pairs AS (
        SELECT *, lag(stop) OVER w AS before, lag(category) OVER w AS category_before,
               lag(way) OVER w AS way_before, year(start) * 12 + month(start) AS m
        FROM stays WINDOW w AS (PARTITION BY person, code ORDER BY start, visit)
    ), again AS (
        SELECT * FROM pairs
        WHERE start - before BETWEEN 0 AND 10 AND category = category_before
          AND way_before NOT IN ('2', '3', '5') AND NOT emergency
    ), months AS (
        SELECT DISTINCT m FROM again
    ), ends AS (
        SELECT code, year(stop) * 12 + month(stop) AS month, count(*) AS n FROM stays GROUP BY ALL
    ), whole AS (
        SELECT code, m, sum(n) AS n FROM months JOIN ends ON month <= m AND month > m - 12
        GROUP BY ALL
    ), part AS (
        SELECT code, months.m, count(*) AS n
        FROM months JOIN again ON again.m <= months.m AND again.m > months.m - 12 GROUP BY ALL
    ), rates AS (
        SELECT code, m, hosp_lv AS level,
               (coalesce(part.n, 0) * 2000000 + whole.n) // (2 * whole.n) AS rate
        FROM whole LEFT JOIN part USING (code, m)
        JOIN {{institutions}} AS i ON i.fixmedins_code = code
    ), peers AS (
        SELECT a.code, a.m, a.rate > avg(b.rate) + 2 * stddev_pop(b.rate) AS high
        FROM rates AS a JOIN rates AS b ON a.level = b.level AND a.m = b.m AND a.code <> b.code
        GROUP BY a.code, a.m, a.rate HAVING count(*) >= 5
    )
    SELECT code, person, visit FROM again LEFT JOIN peers USING (code, m)
    WHERE coalesce(high, true)
"""
RULES = {
    "MI-01": _DEATH_CARD,
    "MI-05": _OVERLAPPING,
    "MI-06": _SPLIT,
    "MI-27": _ELSEWHERE,
}
FILES = {
    "settlements": "mi_settlement",
    "inpatients": "mi_inpatient",
    "deaths": "death_health",
    "institutions": "mi_institution",
}
