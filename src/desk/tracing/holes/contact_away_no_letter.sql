-- title: 外出接触者未发协查函 | Contacts away without a letter
-- about: 密接或次密接已外出，或记为在外地管控，而没有向其他地区发出协查函；自判定起即为漏洞
--     | a close or secondary contact is away from the city, or said to be kept in another
--     region, and no other region was asked for them; that is owed from when they were judged
-- closes: 涉及此人的 letter.sent，或排除（contact.dismissed），或核实在本地（person.present；记为在外地管控的，改记管控地点 contact.placed）
--     | letter.sent about them, or dismissed (contact.dismissed), or found to be here
--     (person.present; of who was said to be kept elsewhere, placed here: contact.placed)
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 判定时间 | confirmed
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: letter.sent
-- closed_by: contact.dismissed
-- closed_by: person.present
-- closed_by: contact.placed where=site,hospital,home
-- touched_by: contact.person level confirmed_at last_confirmed_at dismissed_at outbreak grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: contact_follow.person placed_at placed_in converted_at
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.person reported first_told_at classification outbreak
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.case_id classification person outbreak
--     SELECT person FROM contact WHERE case_id = :case_id
--     UNION SELECT m.person FROM contact AS k JOIN alias AS x ON x.person = k.person
--     JOIN alias AS m ON m.same_as = x.same_as WHERE k.case_id = :case_id
-- touched_by: person.person grid present absence_reason registered_at
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: letter_person.person
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: letter.letter_id outgoing outbreak
--     SELECT person FROM letter_person WHERE letter_id = :letter_id
--     UNION SELECT m.person FROM letter_person AS q JOIN alias AS x ON x.person = q.person
--     JOIN alias AS m ON m.same_as = x.same_as WHERE q.letter_id = :letter_id
-- touched_by: person_same.a same
--     SELECT CAST(:a AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT CAST(:b AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :b
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'tracing' AS owner,
       k.confirmed_at AS since,
       k.confirmed_at AS due_at
FROM tracing_joined AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NOT NULL AND k.level IN ('close', 'secondary')
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND k.converted_at IS NULL
  -- Who is placed in another region is away, and nobody there was asked to keep them.
  AND (k.placed_at IS NULL OR k.placed_in = 'other_region')
  -- Away for a reason that nobody gave is away: only who is known to be kept somewhere, or
  -- has died, needs no letter. What another of their records says counts where this one
  -- says nothing.
  AND (k.placed_in = 'other_region'
       OR p.present = 0
       AND (p.absence_reason IS NULL
            OR p.absence_reason NOT IN ('hospital', 'isolated', 'custody', 'died'))
       OR p.present IS NULL
          AND EXISTS (SELECT 1 FROM alias AS x
                      JOIN alias AS m ON m.same_as = x.same_as
                      JOIN person AS r ON r.person = m.person
                      WHERE x.person = k.person AND r.present = 0
                        AND (r.absence_reason IS NULL
                             OR r.absence_reason NOT IN ('hospital', 'isolated',
                                                         'custody', 'died'))))
  AND NOT EXISTS (SELECT 1 FROM letter_person AS q
                  JOIN letter AS x ON x.letter_id = q.letter_id
                  WHERE q.person = k.person AND q.person IS NOT NULL
                    AND x.outgoing = 1
                    AND (x.outbreak IS NULL OR x.outbreak = k.outbreak))
  AND NOT EXISTS (SELECT 1 FROM alias AS n
                  CROSS JOIN alias AS m
                  CROSS JOIN letter_person AS q
                  JOIN letter AS x ON x.letter_id = q.letter_id
                  WHERE n.person = k.person AND m.same_as = n.same_as
                    AND q.person = m.person AND q.person IS NOT NULL
                    AND x.outgoing = 1
                    AND (x.outbreak IS NULL OR x.outbreak = k.outbreak))
