-- title: 末轮阳性与待出结果 | The last round: positive or waiting
-- about: 最近一轮筛查（首管采样最晚的一轮）中每支阳性管是否已说明：管内病例采样前已在管控中、来源已查明、已溯源，
--     或该管对应者判定不是病例；以及还没有最终结果的管（未出结果；灰区、无效而管内有人没有之后的结果）。
--     混采管内每个病例一行；没有对应病例的阳性管没有说明
--     | each tube of the last round (the round whose first tube was filled last) that is
--     positive, and whether it is explained: its case was in control before the swab, is
--     linked to where it came from, had its source searched for, or was found to be no case;
--     and each that has no final result: none yet, or grey or invalid while somebody in it has
--     no later one. A line a case of the tube; a positive tube without case is not explained
-- roles: commander lead investigator lab auditor
-- column: tube_id = tube.tube_id
-- column: case_id = TEXT 病例编号（空：没有对应病例） | case; empty: of none
-- column: outbreak = TEXT 病例所属疫情（没有病例或未写明为空） | outbreak of the case; empty: no case, or not said
-- column: round_id = tube.round_id
-- column: state = TEXT 情况（waiting no_case unexplained in_control linked source_searched not_a_case） | state (waiting no_case unexplained in_control linked source_searched not_a_case)
-- column: explained = YESNO 已说明（待出结果为空） | explained; empty: waiting for its result
-- column: result = tube.result
-- column: collected_at = tube.first_collected_at
-- column: result_at = tube.result_at
-- column: grid = tube.grid
-- key: tube_id case_id
-- sorts: tube_id -tube_id
-- filters: outbreak state explained case_id
-- scope: grid
-- small: yes
-- publish: yes
SELECT q.tube_id, q.case_id, q.outbreak, q.round_id, q.state,
       CASE WHEN q.state = 'waiting' THEN NULL
            WHEN q.state IN ('no_case', 'unexplained') THEN 0 ELSE 1 END AS explained,
       q.result, q.collected_at, q.result_at, q.grid
FROM (SELECT t.tube_id, coalesce(m.case_id, '') AS case_id,
             coalesce(f.outbreak, '') AS outbreak, t.round_id,
             CASE WHEN t.result IS NULL OR t.result <> 'positive' THEN 'waiting'
                  WHEN m.case_id IS NULL THEN 'no_case'
                  WHEN f.case_id IS NULL THEN 'not_a_case'
                  WHEN f.category IN ('named_contact', 'zone') THEN 'in_control'
                  WHEN f.linked = 1 THEN 'linked'
                  WHEN w.source_search_at IS NOT NULL THEN 'source_searched'
                  ELSE 'unexplained' END AS state,
             t.result, t.first_collected_at AS collected_at, t.result_at, t.grid
      FROM tube AS t
      -- Whom a case lies ill of: what the case says itself, else whoever is in the tube.
      -- That somebody is no case clears the tube that was said of them, or theirs alone.
      LEFT JOIN (SELECT c.tube AS tube_id, c.case_id FROM cases AS c WHERE c.tube IS NOT NULL
                 UNION
                 SELECT s.tube_id, c.case_id FROM cases AS c
                 JOIN sample AS s ON s.person = c.person
                 JOIN tube AS x ON x.tube_id = s.tube_id
                 WHERE c.person IS NOT NULL AND s.person IS NOT NULL
                   AND (x.samples = 1 OR c.classification IS NULL
                        OR c.classification <> 'not_a_case')
                 UNION
                 -- Sampled under another of their ids.
                 SELECT s.tube_id, c.case_id FROM cases AS c
                 CROSS JOIN alias AS n
                 CROSS JOIN alias AS o
                 CROSS JOIN sample AS s
                 JOIN tube AS x ON x.tube_id = s.tube_id
                 WHERE c.person = n.person AND c.person IS NOT NULL
                   AND o.same_as = n.same_as
                   AND s.person = o.person AND s.person IS NOT NULL
                   AND (x.samples = 1 OR c.classification IS NULL
                        OR c.classification <> 'not_a_case')) AS m
             ON m.tube_id = t.tube_id AND t.result = 'positive'
      LEFT JOIN cases_found AS f ON f.case_id = m.case_id
      LEFT JOIN case_work AS w ON w.case_id = m.case_id
      WHERE t.round_id = (SELECT r.round_id FROM tube AS r
                          WHERE r.round_id IS NOT NULL AND r.first_collected_at IS NOT NULL
                          GROUP BY r.round_id
                          ORDER BY min(r.first_collected_at) DESC, r.round_id DESC LIMIT 1)
        AND (t.result IS NULL OR t.result = 'positive'
             OR t.result <> 'negative'
                AND EXISTS (SELECT 1 FROM sample AS s
                            WHERE s.tube_id = t.tube_id
                              AND NOT EXISTS (
                                  SELECT 1 FROM sample AS a
                                  JOIN tube AS b ON b.tube_id = a.tube_id
                                  WHERE a.person = s.person AND a.person IS NOT NULL
                                    AND b.result IN ('negative', 'positive')
                                    AND b.first_collected_at > t.first_collected_at)
                              AND NOT EXISTS (
                                  SELECT 1 FROM alias AS n
                                  CROSS JOIN alias AS o
                                  CROSS JOIN sample AS a
                                  JOIN tube AS b ON b.tube_id = a.tube_id
                                  WHERE n.person = s.person AND o.same_as = n.same_as
                                    AND a.person = o.person AND a.person IS NOT NULL
                                    AND b.result IN ('negative', 'positive')
                                    AND b.first_collected_at > t.first_collected_at)))
     ) AS q
