-- title: 管控措施 | Orders
-- about: 所有作出过的措施：依据、对象人数、起止与解除。是否仍有约束力另行计算
--     | every order that was issued: its ground, how many it binds, when it starts, ends
--     and was lifted; whether it binds now is another question
-- roles: commander lead investigator auditor
-- column: order_id = orders.order_id
-- column: kind = orders.kind
-- column: clause = orders.clause
-- column: issuer = orders.issuer
-- column: place = orders.place
-- column: outbreak = orders.outbreak
-- column: grid = orders.grid
-- column: persons_count = INTEGER 1 所涉人数 | persons it binds
-- column: reasons_count = INTEGER 1 依据的事实数 | facts it rests on
-- column: issued_at = orders.issued_at
-- column: starts_at = TIME 开始时间 | binds from
-- column: ends_at = orders.ends_at
-- column: lifted_at = orders.lifted_at
-- key: order_id
-- sorts: -issued_at order_id ends_at
-- filters: kind clause outbreak place issuer
-- scope: grid
-- small: yes
SELECT o.order_id, o.kind, o.clause, o.issuer, o.place, o.outbreak, o.grid,
       (SELECT count(*) FROM order_person AS p WHERE p.order_id = o.order_id)
           AS persons_count,
       (SELECT count(*) FROM order_reason AS r WHERE r.order_id = o.order_id)
           AS reasons_count,
       o.issued_at, coalesce(o.starts_at, o.issued_at) AS starts_at, o.ends_at, o.lifted_at
FROM orders AS o
