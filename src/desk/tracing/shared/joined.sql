-- title: 接触者，几个编号的一人为一行 | Contacts, ids of one person in one row
-- about: 每个病例的每名接触者及其工作；说是同一人的几个编号为一行（编号见 register_shown）：由最早者提出、判定，以最近的判定、排除为准，
--     类别取判定过的最高一类，首次暴露取最早、末次暴露取最晚，联系、管控、采样取最早，未联系上次数相加。因“人员有误”而排除的只关那个编号：还有别的编号时不计。病例本人的各个编号都不是其接触者。本人已是同一疫情的病例（非疑似）即为已转为病例。接触者属于其病例所在的疫情，病例未写明疫情时属于提出时所写的疫情；在这两个疫情中所做的工作都算
--     | each contact of each case, and the work on them. Ids that were said to be one person are
--     one row, under the id of register_shown, as if all had been told of one: named and judged
--     by the first, still judged or dismissed by what was said last, of the highest level that
--     was judged, exposed from the first until the last, reached, placed and tested as soon as
--     one of them is, tried as often as all of them. What was dismissed as the wrong person
--     tells of that id alone: it does not count as long as there is another. Nobody is a
--     contact of their own case, by whichever id: who was found to be the case is no row.
--     Who is a case of the outbreak, and not a suspected one, became a case, also where
--     nobody said so (contact.converted). Contacts are in the outbreak of their case; as long
--     as nobody has said which that is, in the one in which they were named. What was done for
--     them in either counts
-- personal: yes
-- publish: yes
-- column: case_id = contact.case_id
-- column: person = contact.person
-- column: outbreak = contact.outbreak
-- column: level = contact.level
-- column: how = contact.how
-- column: exposed_from = contact.exposed_from
-- column: exposed_until = contact.exposed_until
-- column: place = contact.place
-- column: grid = contact.grid
-- column: named_at = contact.named_at
-- column: confirmed_at = contact.confirmed_at
-- column: last_confirmed_at = contact.last_confirmed_at
-- column: dismissed_at = contact.dismissed_at
-- column: dismissed_for = contact.dismissed_for
-- column: attempts = contact_follow.attempts
-- column: attempted_at = contact_follow.attempted_at
-- column: attempt = contact_follow.attempt
-- column: reached_at = contact_follow.reached_at
-- column: placed_at = contact_follow.placed_at
-- column: placed_in = contact_follow.placed_in
-- column: tested_at = contact_follow.tested_at
-- column: last_tested_at = contact_follow.last_tested_at
-- column: result = contact_follow.result
-- column: prophylaxis_at = contact_follow.prophylaxis_at
-- column: converted_at = contact_follow.converted_at
-- key: case_id person
-- sorts: case_id
-- small: yes
SELECT k.case_id, k.person, CAST(coalesce(c.outbreak, k.outbreak) AS TEXT) AS outbreak,
       k.level, k.how, k.exposed_from, k.exposed_until,
       k.place, k.grid, k.named_at, k.confirmed_at, k.last_confirmed_at, k.dismissed_at,
       k.dismissed_for,
       CAST(CASE WHEN f.attempts IS NULL OR g.attempts IS NULL
                 THEN coalesce(f.attempts, g.attempts)
                 ELSE f.attempts + g.attempts END AS BIGINT) AS attempts,
       CAST(CASE WHEN f.attempted_at IS NULL OR g.attempted_at > f.attempted_at
                 THEN g.attempted_at ELSE f.attempted_at END AS BIGINT) AS attempted_at,
       CAST(CASE WHEN f.attempted_at IS NULL OR g.attempted_at > f.attempted_at
                 THEN g.attempt ELSE f.attempt END AS TEXT) AS attempt,
       CAST(CASE WHEN f.reached_at IS NULL OR g.reached_at < f.reached_at
                 THEN g.reached_at ELSE f.reached_at END AS BIGINT) AS reached_at,
       CAST(CASE WHEN f.placed_at IS NULL OR g.placed_at < f.placed_at
                 THEN g.placed_at ELSE f.placed_at END AS BIGINT) AS placed_at,
       CAST(CASE WHEN f.placed_at IS NULL OR g.placed_at > f.placed_at
                 THEN g.placed_in ELSE f.placed_in END AS TEXT) AS placed_in,
       CAST(CASE WHEN f.tested_at IS NULL OR g.tested_at < f.tested_at
                 THEN g.tested_at ELSE f.tested_at END AS BIGINT) AS tested_at,
       CAST(CASE WHEN f.last_tested_at IS NULL OR g.last_tested_at > f.last_tested_at
                 THEN g.last_tested_at ELSE f.last_tested_at END AS BIGINT) AS last_tested_at,
       CAST(CASE WHEN f.result IS NULL
                      OR g.result IS NOT NULL AND g.last_tested_at > f.last_tested_at
                 THEN g.result ELSE f.result END AS TEXT) AS result,
       CAST(CASE WHEN f.prophylaxis_at IS NULL OR g.prophylaxis_at < f.prophylaxis_at
                 THEN g.prophylaxis_at ELSE f.prophylaxis_at END AS BIGINT) AS prophylaxis_at,
       -- Somebody said so, or they are a case of the outbreak: nobody has to say it twice.
       CAST(coalesce(CASE WHEN f.converted_at IS NULL OR g.converted_at < f.converted_at
                          THEN g.converted_at ELSE f.converted_at END,
                     (SELECT min(coalesce(x.reported, x.first_told_at)) FROM cases AS x
                      WHERE x.person = k.person AND x.person IS NOT NULL
                        AND x.outbreak = coalesce(c.outbreak, k.outbreak)
                        AND (x.classification IS NULL
                             OR x.classification NOT IN ('not_a_case', 'suspected'))))
            AS BIGINT) AS converted_at
FROM contact AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
-- What was done while another outbreak was named of the contact than, by now, of the case.
LEFT JOIN contact_follow AS f ON f.outbreak = k.outbreak AND f.person = k.person
LEFT JOIN contact_follow AS g ON g.outbreak = c.outbreak AND g.outbreak <> k.outbreak
                                 AND g.person = k.person
-- Those whose id is their only one: nearly all, as the tables have them.
WHERE k.person IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM alias AS a WHERE a.person = k.person)
  AND NOT EXISTS (SELECT 1 FROM cases AS own
                  WHERE own.case_id = k.case_id AND own.person = k.person)
UNION ALL
-- The casts give both halves the same types, without which SQLite reads one half as a
-- whole for each question.
SELECT r.case_id, r.person, CAST(r.outbreak AS TEXT) AS outbreak,
       CAST(CASE r.height WHEN 3 THEN 'close' WHEN 2 THEN 'secondary'
                          WHEN 1 THEN 'general' ELSE NULL END AS TEXT) AS level,
       CAST((SELECT x.how FROM alias AS n CROSS JOIN contact AS x
             WHERE x.person = n.person AND n.same_as = r.same_as
               AND x.case_id = r.case_id AND x.how IS NOT NULL
             ORDER BY n.rank LIMIT 1) AS TEXT) AS how,
       CAST(r.exposed_from AS BIGINT) AS exposed_from,
       CAST(r.exposed_until AS BIGINT) AS exposed_until,
       CAST((SELECT x.place FROM alias AS n CROSS JOIN contact AS x
             WHERE x.person = n.person AND n.same_as = r.same_as
               AND x.case_id = r.case_id AND x.place IS NOT NULL
             ORDER BY n.rank LIMIT 1) AS BIGINT) AS place,
       -- Where any of their records says that they live, else where it was said.
       CAST(coalesce((SELECT p.grid FROM alias AS n JOIN person AS p ON p.person = n.person
                      WHERE n.same_as = r.same_as AND p.grid IS NOT NULL
                      ORDER BY n.rank LIMIT 1),
                     (SELECT x.grid FROM alias AS n CROSS JOIN contact AS x
                      WHERE x.person = n.person AND n.same_as = r.same_as
                        AND x.case_id = r.case_id AND x.grid IS NOT NULL
                      ORDER BY n.rank LIMIT 1)) AS TEXT) AS grid,
       CAST(r.named_at AS BIGINT) AS named_at, CAST(r.confirmed_at AS BIGINT) AS confirmed_at,
       CAST(r.last_confirmed_at AS BIGINT) AS last_confirmed_at,
       CAST(r.dismissed_at AS BIGINT) AS dismissed_at,
       CAST((SELECT x.dismissed_for FROM alias AS n CROSS JOIN contact AS x
             WHERE x.person = n.person AND n.same_as = r.same_as
               AND x.case_id = r.case_id
               AND x.dismissed_at = r.dismissed_at AND x.dismissed_for IS NOT NULL
             ORDER BY n.rank LIMIT 1) AS TEXT) AS dismissed_for,
       CAST((SELECT sum(f.attempts) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS attempts,
       CAST((SELECT max(f.attempted_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS attempted_at,
       CAST((SELECT f.attempt FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)
               AND f.attempt IS NOT NULL
             ORDER BY f.attempted_at DESC, n.rank LIMIT 1) AS TEXT) AS attempt,
       CAST((SELECT min(f.reached_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS reached_at,
       CAST((SELECT min(f.placed_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS placed_at,
       CAST((SELECT f.placed_in FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)
               AND f.placed_in IS NOT NULL
             ORDER BY f.placed_at DESC, n.rank LIMIT 1) AS TEXT) AS placed_in,
       CAST((SELECT min(f.tested_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS tested_at,
       CAST((SELECT max(f.last_tested_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS last_tested_at,
       CAST((SELECT f.result FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)
               AND f.result IS NOT NULL
             ORDER BY f.last_tested_at DESC, n.rank LIMIT 1) AS TEXT) AS result,
       CAST((SELECT min(f.prophylaxis_at) FROM alias AS n CROSS JOIN contact_follow AS f
             WHERE f.person = n.person AND n.same_as = r.same_as
               AND f.outbreak IN (r.outbreak, r.named_in)) AS BIGINT) AS prophylaxis_at,
       CAST(coalesce((SELECT min(f.converted_at) FROM alias AS n CROSS JOIN contact_follow AS f
                      WHERE f.person = n.person AND n.same_as = r.same_as
                        AND f.outbreak IN (r.outbreak, r.named_in)),
                     (SELECT min(coalesce(x.reported, x.first_told_at))
                      FROM alias AS n CROSS JOIN cases AS x
                      WHERE x.person = n.person AND n.same_as = r.same_as
                        AND x.person IS NOT NULL AND x.outbreak = r.outbreak
                        AND (x.classification IS NULL
                             OR x.classification NOT IN ('not_a_case', 'suspected'))))
            AS BIGINT) AS converted_at
FROM (SELECT k.case_id, one.person, one.same_as,
             coalesce(max(c.outbreak), max(k.outbreak)) AS outbreak,
             max(k.outbreak) AS named_in,
             coalesce(max(CASE WHEN k.confirmed_at IS NULL THEN NULL
                               WHEN k.level = 'close' THEN 3
                               WHEN k.level = 'secondary' THEN 2
                               WHEN k.level = 'general' THEN 1 ELSE NULL END),
                      max(CASE k.level WHEN 'close' THEN 3 WHEN 'secondary' THEN 2
                                       WHEN 'general' THEN 1 ELSE NULL END)) AS height,
             min(k.exposed_from) AS exposed_from, max(k.exposed_until) AS exposed_until,
             min(k.named_at) AS named_at, min(k.confirmed_at) AS confirmed_at,
             max(k.last_confirmed_at) AS last_confirmed_at,
             max(k.dismissed_at) AS dismissed_at
      -- The order in which SQLite joins them is said, for it knows no sizes.
      FROM alias AS one
      CROSS JOIN alias AS m
      CROSS JOIN contact AS k
      LEFT JOIN cases AS c ON c.case_id = k.case_id
      WHERE m.same_as = one.same_as AND k.person = m.person AND k.person IS NOT NULL
        -- Nobody is a contact of their own case, by whichever of their ids.
        AND NOT EXISTS (SELECT 1 FROM cases AS own
                        CROSS JOIN alias AS n
                        WHERE own.case_id = k.case_id AND n.person = own.person
                          AND n.same_as = one.same_as)
        -- Under one id, that of register_shown.
        AND one.person = coalesce((SELECT n.person FROM alias AS n
                                   JOIN person AS p ON p.person = n.person
                                   WHERE n.same_as = one.same_as
                                     AND p.registered_at IS NOT NULL
                                   ORDER BY n.rank LIMIT 1), one.same_as)
        AND (k.dismissed_for IS NULL OR k.dismissed_for <> 'wrong_person'
             OR k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at
             OR NOT EXISTS (SELECT 1 FROM alias AS n
                            CROSS JOIN contact AS x
                            WHERE x.person = n.person AND n.same_as = one.same_as
                              AND x.case_id = k.case_id
                              AND (x.dismissed_for IS NULL
                                   OR x.dismissed_for <> 'wrong_person'
                                   OR x.dismissed_at IS NULL
                                   OR x.last_confirmed_at >= x.dismissed_at)))
      GROUP BY k.case_id, one.person, one.same_as) AS r
