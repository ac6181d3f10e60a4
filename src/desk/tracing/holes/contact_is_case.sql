-- title: 接触者就是病例本人 | Contacts who are the case itself
-- about: 有人被提出或判定为接触者，后来查明（病例写明了是谁，或几个编号说明是同一人）就是该病例本人。名单不再列出，须有人核实：或者编号写错、另有其人，或者撤去
--     | somebody was named or judged a contact, and was since found to be whose case it is: the
--     case was said to be theirs, or ids were said to be one person. No list has them any more.
--     Somebody has to find out whether another was meant, whom nobody calls now, or nobody
-- closes: 排除（contact.dismissed，wrong_person），或撤回误记（fact.withdrawn、person.not_same），或更正病例是谁（case.reported）
--     | dismissed (contact.dismissed, as wrong_person), or what was wrong is taken back
--     (fact.withdrawn, person.not_same), or the case is said to be another's (case.reported)
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 提出与病例报告中较晚的时间 | named, or the case was told of, whichever is later
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.fact_conflict
-- closed_by: contact.dismissed
-- closed_by: person.not_same
-- closed_by: case.reported
-- closed_by: fact.withdrawn
-- touched_by: contact.person named_at last_confirmed_at dismissed_at grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.case_id first_told_at classification person
--     SELECT person FROM contact WHERE case_id = :case_id
--     UNION SELECT m.person FROM contact AS k JOIN alias AS x ON x.person = k.person
--     JOIN alias AS m ON m.same_as = x.same_as WHERE k.case_id = :case_id
-- touched_by: person.person grid registered_at
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: person_same.a same
--     SELECT CAST(:a AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT CAST(:b AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :b
SELECT k.person AS subject, CAST(coalesce(p.grid, k.grid) AS TEXT) AS grid,
       'tracing' AS owner,
       CAST(CASE WHEN c.first_told_at > k.named_at THEN c.first_told_at
                 ELSE k.named_at END AS BIGINT) AS since,
       CAST(CASE WHEN c.first_told_at > k.named_at THEN c.first_told_at
                 ELSE k.named_at END + :due_us AS BIGINT) AS due_at
FROM contact AS k
JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND c.person = k.person AND k.named_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM alias AS a WHERE a.person = k.person)
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
UNION ALL
-- Of ids that are one person, under that of register_shown, by what was said last of any
-- of them.
SELECT r.person AS subject, CAST(coalesce(p.grid, r.grid) AS TEXT) AS grid,
       'tracing' AS owner,
       CAST(CASE WHEN r.first_told_at > r.named_at THEN r.first_told_at
                 ELSE r.named_at END AS BIGINT) AS since,
       CAST(CASE WHEN r.first_told_at > r.named_at THEN r.first_told_at
                 ELSE r.named_at END + :due_us AS BIGINT) AS due_at
FROM (SELECT k.case_id, one.person, min(k.grid) AS grid, min(k.named_at) AS named_at,
             max(k.last_confirmed_at) AS last_confirmed_at,
             max(k.dismissed_at) AS dismissed_at, max(c.first_told_at) AS first_told_at
      FROM alias AS one
      CROSS JOIN alias AS m
      CROSS JOIN contact AS k
      JOIN cases AS c ON c.case_id = k.case_id
      WHERE m.same_as = one.same_as AND k.person = m.person AND k.person IS NOT NULL
        AND (c.classification IS NULL OR c.classification <> 'not_a_case')
        AND EXISTS (SELECT 1 FROM alias AS n
                    WHERE n.person = c.person AND n.same_as = one.same_as)
        AND one.person = coalesce((SELECT n.person FROM alias AS n
                                   JOIN person AS p ON p.person = n.person
                                   WHERE n.same_as = one.same_as
                                     AND p.registered_at IS NOT NULL
                                   ORDER BY n.rank LIMIT 1), one.same_as)
      GROUP BY k.case_id, one.person) AS r
LEFT JOIN person AS p ON p.person = r.person
WHERE r.named_at IS NOT NULL
  AND (r.dismissed_at IS NULL OR r.last_confirmed_at >= r.dismissed_at)
