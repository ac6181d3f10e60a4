-- title: 受约束的人员 | People who are bound
-- about: 此刻谁受哪项措施约束、依据哪一条款、到何时为止；到期或依据全部失效的不在其列。措施约束的是人：几个编号为同一人的，以其一列出，不论措施写的是哪一个
--     | who is bound by which order at this moment, by which clause, until when; an order
--     that is over, was lifted, or lost its last reason binds nobody. An order binds a person,
--     whichever of their ids it names: each is one row, under the id of register_shown
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
-- all_ids: yes
-- scope: grid
SELECT b.order_id, b.person, o.kind, o.clause, o.issuer, o.place, o.outbreak,
       coalesce(p.grid, o.grid) AS grid, o.starts_at, o.ends_at, p.sealed AS person_sealed
FROM order_person AS b
JOIN order_in_force AS o ON o.order_id = b.order_id
LEFT JOIN person AS p ON p.person = b.person
-- Those whose id is their only one, nearly all. SQLite finds somebody's rows by the index
-- of those that are given.
WHERE b.person IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM alias AS a WHERE a.person = b.person)
  AND o.starts_at <= :now
  AND o.ends_at > :now
UNION ALL
SELECT r.order_id, r.person, o.kind, o.clause, o.issuer, o.place, o.outbreak,
       -- Where any of their records says that they live, else where the order lies.
       coalesce((SELECT q.grid FROM alias AS n JOIN person AS q ON q.person = n.person
                 WHERE n.same_as = r.same_as AND q.grid IS NOT NULL
                 ORDER BY n.rank LIMIT 1), o.grid) AS grid,
       o.starts_at, o.ends_at, p.sealed AS person_sealed
FROM (SELECT b.order_id, one.person, one.same_as
      -- The order in which SQLite joins them is said, for it knows no sizes.
      FROM alias AS one
      CROSS JOIN alias AS m
      CROSS JOIN order_person AS b
      WHERE m.same_as = one.same_as AND b.person = m.person AND b.person IS NOT NULL
        -- Under one id, that of register_shown.
        AND one.person = coalesce((SELECT n.person FROM alias AS n
                                   JOIN person AS q ON q.person = n.person
                                   WHERE n.same_as = one.same_as
                                     AND q.registered_at IS NOT NULL
                                   ORDER BY n.rank LIMIT 1), one.same_as)
      GROUP BY b.order_id, one.person, one.same_as) AS r
JOIN order_in_force AS o ON o.order_id = r.order_id
LEFT JOIN person AS p ON p.person = r.person
WHERE o.starts_at <= :now
  AND o.ends_at > :now
