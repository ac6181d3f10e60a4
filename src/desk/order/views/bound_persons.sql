-- title: 受约束的人员 | People who are bound
-- about: 此刻谁受哪项措施约束、依据哪一条款、到何时为止；到期或依据全部失效的不在其列
--     | who is bound by which order at this moment, by which clause, until when; an order
--     that is over, was lifted, or lost its last reason binds nobody
-- roles: lead investigator grid_worker medic
-- personal: yes
-- now: yes
-- column: order_id = order_person.order_id
-- column: person = order_person.person
-- column: kind = orders.kind
-- column: clause = orders.clause
-- column: issuer = orders.issuer
-- column: place = orders.place
-- column: outbreak = orders.outbreak
-- column: grid = TEXT 人员所在网格（未登记的按措施） | grid of the person, else of the order
-- column: starts_at = TIME 开始时间 | binds from
-- column: ends_at = orders.ends_at
-- opens: person = name phone
-- key: order_id person
-- sorts: order_id -order_id
-- filters: person order_id kind clause outbreak
-- scope: grid
SELECT b.order_id, b.person, o.kind, o.clause, o.issuer, o.place, o.outbreak,
       coalesce(p.grid, o.grid) AS grid, coalesce(o.starts_at, o.issued_at) AS starts_at,
       o.ends_at, p.sealed AS person_sealed
FROM order_person AS b
JOIN orders AS o ON o.order_id = b.order_id
LEFT JOIN person AS p ON p.person = b.person
-- SQLite finds somebody's rows by the index of those that are given.
WHERE b.person IS NOT NULL
  AND o.issued_at IS NOT NULL
  AND o.lifted_at IS NULL
  AND coalesce(o.starts_at, o.issued_at) <= :now
  AND o.ends_at > :now
  AND EXISTS (SELECT 1
              FROM order_reason AS r
              WHERE r.order_id = o.order_id
                AND NOT EXISTS (SELECT 1 FROM dead_facts AS d WHERE d.fact = r.fact))
