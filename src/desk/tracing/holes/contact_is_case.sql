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
-- touched_by: cases.case_id first_told_at classification person
--     SELECT person FROM contact WHERE case_id = :case_id
-- touched_by: person.person grid
-- touched_by: person_same.a same
--     SELECT CAST(:a AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT CAST(:b AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :b
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'tracing' AS owner,
       CASE WHEN c.first_told_at > k.named_at THEN c.first_told_at
            ELSE k.named_at END AS since,
       CASE WHEN c.first_told_at > k.named_at THEN c.first_told_at
            ELSE k.named_at END + :due_us AS due_at
FROM contact AS k
JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.named_at IS NOT NULL
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND (c.person = k.person
       OR EXISTS (SELECT 1 FROM alias AS x
                  JOIN alias AS m ON m.same_as = x.same_as
                  WHERE x.person = c.person AND m.person = k.person))
