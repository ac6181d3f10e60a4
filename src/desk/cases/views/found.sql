-- title: 病例怎样发现 | How cases were found
-- about: 每个病例采样之前是否已在管控中：作为接触者已提出并已管控、仅受管控措施约束、筛查发现、就诊或自报；采样同一时刻才作出、
--     才开始的不算，已到期、已解除或已撤回的不算；以及是否查明来自哪里
--     | where each case was before its swab: a named contact in the place of isolation, bound
--     by an order only, found by screening, by clinic or self. What was issued or began at the
--     instant of the swab or later does not count, nor what was over, lifted by then, or
--     withdrawn; and whether it is linked to where it came from
-- roles: commander lead investigator medic auditor
-- column: case_id = cases.case_id
-- column: outbreak = TEXT 疫情编号（未写明的按其接触者所写，都没有为空） | outbreak, else that of its contacts; empty: not said
-- column: category = TEXT 类别（named_contact zone screening clinic_or_self unknown） | category (named_contact zone screening clinic_or_self unknown)
-- column: linked = YESNO 来源已查明 | it is known where it came from
-- column: found_at = TIME 采样时间（未知的按其采样管，再按报告） | swab, else the first in its tube, else report
-- column: reported = TIME 报告时间 | reported
-- column: grid = TEXT 病例所在网格（未写明的按本人住址；到村、社区为止） | grid of the case, else of its person; no finer than a village
-- key: case_id
-- sorts: case_id -case_id -found_at
-- filters: outbreak category linked
-- scope: grid
-- small: yes
-- publish: yes
SELECT q.case_id, q.outbreak,
       CASE WHEN EXISTS (SELECT 1 FROM tracing_joined AS k
                         WHERE k.person = q.shown
                           AND k.case_id <> q.case_id AND k.confirmed_at IS NOT NULL
                           AND k.named_at < q.found_at AND k.placed_at < q.found_at
                           AND (k.dismissed_at IS NULL OR k.dismissed_at >= q.found_at
                                OR k.last_confirmed_at >= k.dismissed_at))
            THEN 'named_contact'
            WHEN EXISTS (SELECT 1 FROM order_person AS b
                         JOIN orders AS o ON o.order_id = b.order_id
                         WHERE b.person = q.person AND b.person IS NOT NULL
                           AND o.issued_at < q.found_at
                           AND coalesce(o.starts_at, o.issued_at) < q.found_at
                           AND o.ends_at > q.found_at
                           AND (o.lifted_at IS NULL OR o.lifted_at > q.found_at))
                 -- By whichever of their ids it binds them.
                 OR EXISTS (SELECT 1 FROM alias AS n
                            CROSS JOIN alias AS m
                            CROSS JOIN order_person AS b
                            JOIN orders AS o ON o.order_id = b.order_id
                            WHERE n.person = q.person AND m.same_as = n.same_as
                              AND b.person = m.person AND b.person IS NOT NULL
                              AND o.issued_at < q.found_at
                              AND coalesce(o.starts_at, o.issued_at) < q.found_at
                              AND o.ends_at > q.found_at
                              AND (o.lifted_at IS NULL OR o.lifted_at > q.found_at))
            THEN 'zone'
            WHEN q.source = 'screening' THEN 'screening'
            WHEN q.source IS NOT NULL THEN 'clinic_or_self'
            ELSE 'unknown' END AS category,
       CASE WHEN q.linked_case IS NOT NULL OR q.origin IN ('imported', 'linked')
                 OR EXISTS (SELECT 1 FROM tracing_joined AS k
                            WHERE k.person = q.shown
                              AND k.case_id <> q.case_id AND k.confirmed_at IS NOT NULL
                              AND (k.dismissed_at IS NULL
                                   OR k.last_confirmed_at >= k.dismissed_at))
            THEN 1 ELSE 0 END AS linked,
       q.found_at, q.reported, q.grid
FROM (SELECT c.case_id,
             -- That in which its contacts were named, where nobody said it of the case.
             coalesce(c.outbreak, (SELECT max(k.outbreak) FROM contact AS k
                                   WHERE k.case_id = c.case_id),
                      (SELECT max(u.outbreak) FROM contact_unidentified AS u
                       WHERE u.case_id = c.case_id), '') AS outbreak,
             c.person, c.source,
             coalesce(h.shown, c.person) AS shown,
             w.linked_case, w.origin, coalesce(c.reported, c.first_told_at) AS reported,
             coalesce(c.sampled, t.first_collected_at, c.reported,
                      c.first_told_at) AS found_at,
             substr(coalesce(c.grid, p.grid), 1, 12) AS grid
      FROM cases AS c
      LEFT JOIN case_work AS w ON w.case_id = c.case_id
      LEFT JOIN tube AS t ON t.tube_id = c.tube
      LEFT JOIN register_shown AS h ON h.person = c.person
      LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
      WHERE c.classification IS NULL OR c.classification <> 'not_a_case') AS q
