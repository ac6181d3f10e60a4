-- title: 有效的管控措施 | Orders in force
-- about: 未解除且至少一条依据仍有效的措施；此刻是否约束，看开始与结束时间
--     | orders that were not lifted and of whose reasons one at least is live; they bind
--     while starts_at <= now < ends_at
-- roles: commander lead investigator auditor
-- column: order_id = orders.order_id
-- column: kind = orders.kind
-- column: place = orders.place
-- column: clause = orders.clause
-- column: issuer = orders.issuer
-- column: outbreak = orders.outbreak
-- column: grid = orders.grid
-- column: issued_at = orders.issued_at
-- column: starts_at = TIME 开始时间 | binds from
-- column: ends_at = orders.ends_at
-- key: order_id
-- sorts: order_id -order_id
-- filters: kind clause outbreak place issuer
-- scope: grid
-- publish: yes
SELECT o.order_id, o.kind, o.place, o.clause, o.issuer, o.outbreak, o.grid, o.issued_at,
       coalesce(o.starts_at, o.issued_at) AS starts_at, o.ends_at
FROM orders AS o
WHERE o.issued_at IS NOT NULL
  AND o.lifted_at IS NULL
  AND EXISTS (SELECT 1
              FROM order_reason AS r
              WHERE r.order_id = o.order_id
                AND NOT EXISTS (SELECT 1 FROM dead_facts AS d WHERE d.fact = r.fact))
