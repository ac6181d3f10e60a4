-- title: 接触者工作清单 | Work list of contacts
-- about: 每个病例的接触者：由提出、判定到联系、管控、采样走到哪一步；说是同一人的几个编号为一行，所做的工作合在一起；先后顺序由倒查的排序给出
--     | the contacts of each case: how far each is from being named to being judged, reached,
--     placed and tested; ids that were said to be one person are one row, with the work on
--     all of them; the order of the calls is what the look-up ranks
-- roles: lead investigator grid_worker medic
-- personal: yes
-- column: case_id = contact.case_id
-- column: person = contact.person
-- column: outbreak = contact.outbreak
-- column: level = contact.level
-- column: state = TEXT 进度（named confirmed reached placed tested converted dismissed） | how far (named confirmed reached placed tested converted dismissed)
-- column: how = contact.how
-- column: exposed_from = contact.exposed_from
-- column: exposed_until = contact.exposed_until
-- column: place = contact.place
-- column: named_at = contact.named_at
-- column: confirmed_at = contact.confirmed_at
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
-- column: dismissed_at = contact.dismissed_at
-- column: dismissed_for = contact.dismissed_for
-- column: classification = cases.classification
-- column: grid = TEXT 本人所在网格（未登记的按记录） | grid of the person, else of the record
-- opens: person = name phone
-- key: case_id person
-- sorts: case_id -case_id named_at -exposed_until
-- filters: case_id person outbreak level state result
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT k.case_id, k.person, k.outbreak,
       coalesce(k.level, CASE u.height WHEN 3 THEN 'close' WHEN 2 THEN 'secondary'
                                       WHEN 1 THEN 'general' ELSE NULL END) AS level,
       CASE WHEN k.dismissed_at IS NOT NULL
                 AND (k.last_confirmed_at IS NULL OR k.dismissed_at > k.last_confirmed_at)
            THEN 'dismissed'
            WHEN k.converted_at IS NOT NULL THEN 'converted'
            WHEN k.confirmed_at IS NULL THEN 'named'
            WHEN k.tested_at IS NOT NULL THEN 'tested'
            WHEN k.placed_at IS NOT NULL THEN 'placed'
            WHEN k.reached_at IS NOT NULL THEN 'reached'
            ELSE 'confirmed' END AS state,
       CASE WHEN k.how IS NULL AND u.person IS NOT NULL THEN 'identified' ELSE k.how END AS how,
       coalesce(k.exposed_from, u.exposed_from) AS exposed_from,
       coalesce(k.exposed_until, u.exposed_until) AS exposed_until,
       coalesce(k.place, u.place) AS place, k.named_at, k.confirmed_at,
       k.attempts, k.attempted_at, k.attempt, k.reached_at, k.placed_at, k.placed_in,
       k.tested_at, k.last_tested_at, k.result, k.prophylaxis_at, k.converted_at,
       k.dismissed_at, k.dismissed_for, c.classification,
       coalesce(p.grid, k.grid) AS grid,
       p.sealed AS person_sealed
FROM tracing_joined AS k
-- What was found to be no case has no contacts any more.
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
-- What was known of them before anybody knew who they are.
LEFT JOIN (SELECT i.case_id, coalesce(o.shown, i.person) AS person,
                  max(CASE i.level WHEN 'close' THEN 3 WHEN 'secondary' THEN 2
                                   WHEN 'general' THEN 1 ELSE NULL END) AS height,
                  min(i.exposed_from) AS exposed_from,
                  max(i.exposed_until) AS exposed_until, min(i.place) AS place
           FROM contact_unidentified AS i
           LEFT JOIN register_shown AS o ON o.person = i.person
           WHERE i.person IS NOT NULL AND i.identified_at IS NOT NULL
           GROUP BY i.case_id, coalesce(o.shown, i.person)) AS u
       ON u.case_id = k.case_id AND u.person = k.person
