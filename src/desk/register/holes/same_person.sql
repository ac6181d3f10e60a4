-- title: 两份资料像是同一个人 | Records that look like one person
-- about: 先前已有另一个编号的人登记了同样的证件号码，而两个编号是否同一人尚未认定
--     | another id was there before with the same number of an identity document, and
--     nobody has said yet whether the two ids are one person
-- closes: 认定为同一人（person.same）或两个人（person.not_same），或更正证件号码
--     | person.same or person.not_same, or a correction of the number
-- personal: yes
-- column: subject = person.person
-- column: grid = person.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 两份都已登记的时间 | when both were registered
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.same_person
-- closed_by: person.same
-- closed_by: person.not_same
-- touched_by: person.person id_number_key registered_at grid
-- touched_by: person.id_number_key
--     SELECT person FROM person WHERE id_number_key = :id_number_key
-- touched_by: person.person registered_at
--     SELECT q.person FROM person AS p JOIN person AS q ON q.id_number_key = p.id_number_key
--     WHERE p.person = :person
-- touched_by: person_same.a same
--     SELECT q.person FROM person AS p JOIN person AS q ON q.id_number_key = p.id_number_key
--     WHERE p.person = :a
--     UNION SELECT q.person FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN person AS p ON p.person = m.person JOIN person AS q ON q.id_number_key = p.id_number_key
--     WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT q.person FROM person AS p JOIN person AS q ON q.id_number_key = p.id_number_key
--     WHERE p.person = :b
--     UNION SELECT q.person FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN person AS p ON p.person = m.person JOIN person AS q ON q.id_number_key = p.id_number_key
--     WHERE x.person = :b
-- shared: person.id_number_key
SELECT t.person AS subject, p.grid, 'register' AS owner,
       CASE WHEN p.registered_at < q.registered_at
            THEN q.registered_at ELSE p.registered_at END AS since,
       CASE WHEN p.registered_at < q.registered_at
            THEN q.registered_at ELSE p.registered_at END + :due_us AS due_at
-- Of those with the same number the first that is not settled stands for all, so that a
-- number that thousands share by mistake costs no more than thousands. The order of the
-- joins is what an index can give: millions of people have numbers, few have a twin.
FROM (SELECT a.person AS person,
             (SELECT min(b.person) FROM person AS b
              WHERE b.id_number_key = a.id_number_key AND b.person < a.person
                    AND NOT EXISTS (SELECT 1 FROM person_same AS s
                                    WHERE s.a = a.person AND s.b = b.person
                                          AND s.same IS NOT NULL)
                    AND NOT EXISTS (SELECT 1 FROM person_same AS s
                                    WHERE s.a = b.person AND s.b = a.person
                                          AND s.same IS NOT NULL)
                    -- By way of a third, too.
                    AND NOT EXISTS (SELECT 1 FROM alias AS x
                                    JOIN alias AS y ON y.same_as = x.same_as
                                    WHERE x.person = a.person
                                          AND y.person = b.person)) AS twin
      FROM person AS a
      WHERE a.id_number_key IS NOT NULL) AS t
JOIN person AS q ON q.person = t.twin
LEFT JOIN person AS p ON p.person = t.person
