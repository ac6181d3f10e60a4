-- title: 一个人受过的管控措施 | Orders upon a person
-- about: 曾对谁作出何种措施、依据哪一条款、自何时至何时、何时解除；此刻是否约束见“受约束的人员”
--     | which orders were ever made upon whom, by which clause, from when to when, and when each
--     was lifted; who is bound at this moment is another list
-- roles: lead investigator grid_worker medic
-- personal: yes
-- column: order_id = order_person.order_id
-- column: person = order_person.person
-- column: kind = orders.kind
-- column: clause = orders.clause
-- column: issuer = orders.issuer
-- column: place = orders.place
-- column: outbreak = orders.outbreak
-- column: grid = TEXT 人员所在网格（未登记的按措施） | grid of the person, else of the order
-- column: issued_at = orders.issued_at
-- column: starts_at = TIME 开始时间 | binds from
-- column: ends_at = orders.ends_at
-- column: lifted_at = orders.lifted_at
-- key: order_id person
-- sorts: order_id -order_id
-- filters: person order_id
-- all_ids: yes
-- scope: grid
SELECT b.order_id, b.person, o.kind, o.clause, o.issuer, o.place, o.outbreak,
       coalesce(p.grid, o.grid) AS grid, o.issued_at,
       coalesce(o.starts_at, o.issued_at) AS starts_at, o.ends_at, o.lifted_at
FROM order_person AS b
JOIN orders AS o ON o.order_id = b.order_id
LEFT JOIN person AS p ON p.person = b.person
-- SQLite finds somebody's rows by the index of those that are given.
WHERE b.person IS NOT NULL
  AND o.issued_at IS NOT NULL
