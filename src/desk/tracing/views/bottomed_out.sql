-- title: 风险见底 | Risk bottomed out
-- about: 风险是否见底，逐项列出：潜伏期内无来源不明病例、规定天数内无社会面发现、接触者全部判定、联系上、管控、采样，
--     没有待核实接触者，协查函全部办结，报送过的数据没有缺日、检测机构没有缺日，最近一轮筛查的阳性全部已说明（清单见 tracing/last_round；
--     结果未出齐的尚不满足，没有做过筛查的为空）；轮次覆盖不在其内。隐匿传播链不在其内，也没有单一的百分比；方案未定天数的，病例一直计入
--     | whether the risk is bottomed out, part by part: no unlinked case within the longest
--     incubation, no find in the community within the days that are set, every contact judged,
--     reached, placed, tested, nobody unidentified, letters answered, no day missing in the
--     data that were delivered, no laboratory silent, each positive of the last screening round explained (its list:
--     tracing/last_round; not yet while results are missing, empty where no round was sampled);
--     not whether everybody was sampled in it. Hidden chains are not included, and there is no
--     single percentage.
--     Where the edition sets no days, a case counts as long as it is there
-- roles: commander lead investigator medic auditor
-- now: yes
-- number: incubation_us = incubation_max_d
-- number: community_us = durations.community_cleared_d
-- number: day_us = deadlines.data.missing_day
-- column: outbreak = TEXT 疫情编号（未写明为空） | outbreak; empty: not said
-- column: part = TEXT 条件 | part
-- column: holds = YESNO 已满足（没有做过筛查时 round_explained 为空） | holds; empty: round_explained, and no round was sampled
-- column: open = INTEGER 1 尚未满足的数目 | how many stand against it
-- column: pending = INTEGER 1 尚待结果的数目（末轮采样管） | results that are waited for (tubes of the last round)
-- column: since = TIME 最近一次 | the last such case
-- column: holds_from = TIME 若无新增，何时满足 | holds from, if there is no further one
-- key: outbreak part
-- sorts: outbreak -outbreak
-- filters: outbreak part holds
-- small: yes
SELECT q.outbreak, q.part,
       CASE WHEN q.open > 0 OR q.pending > 0 THEN 0
            WHEN q.part = 'round_explained'
                 AND NOT EXISTS (SELECT 1 FROM tube AS t
                                 WHERE t.round_id IS NOT NULL
                                   AND t.first_collected_at IS NOT NULL) THEN NULL
            ELSE 1 END AS holds, q.open, q.pending,
       CASE WHEN q.since > 0 THEN q.since ELSE NULL END AS since,
       CASE WHEN q.since > 0 AND q.span_us > 0 THEN q.since + q.span_us
            ELSE NULL END AS holds_from
FROM (
      -- DISTINCT has each case judged once, by the index of its person: in a sum SQLite
      -- would judge it for each use, over all who have several ids.
      SELECT f.outbreak, 'no_unlinked_case' AS part,
             sum(CASE WHEN f.linked = 0
                      THEN CASE WHEN f.found_at + :incubation_us <= :now THEN 0 ELSE 1 END
                      ELSE 0 END) AS open,
             max(CASE WHEN f.linked = 0 THEN f.found_at ELSE 0 END) AS since, 0 AS pending,
             max(:incubation_us) AS span_us
      FROM (SELECT DISTINCT x.case_id, x.outbreak, x.category, x.linked, x.found_at
            FROM cases_found AS x) AS f
      GROUP BY f.outbreak
      UNION ALL
      SELECT f.outbreak, 'no_community_find' AS part,
             sum(CASE WHEN f.category NOT IN ('named_contact', 'zone')
                      THEN CASE WHEN f.found_at + :community_us <= :now THEN 0 ELSE 1 END
                      ELSE 0 END) AS open,
             max(CASE WHEN f.category NOT IN ('named_contact', 'zone') THEN f.found_at ELSE 0 END) AS since,
             0 AS pending,
             max(:community_us) AS span_us
      FROM (SELECT DISTINCT x.case_id, x.outbreak, x.category, x.linked, x.found_at
            FROM cases_found AS x) AS f
      GROUP BY f.outbreak
      UNION ALL
      -- Of contacts all parts are counted in one reading of them.
      SELECT o.outbreak, s.part,
             coalesce(CASE s.part WHEN 'contacts_judged' THEN w.judged
                                  WHEN 'contacts_reached' THEN w.reached
                                  WHEN 'contacts_placed' THEN w.placed
                                  ELSE w.tested END, 0) AS open,
             0 AS since, 0 AS pending, 0 AS span_us
      FROM (SELECT DISTINCT x.outbreak FROM cases_found AS x) AS o
      CROSS JOIN (SELECT 'contacts_judged' AS part
                  UNION ALL SELECT 'contacts_reached' AS part
                  UNION ALL SELECT 'contacts_placed' AS part
                  UNION ALL SELECT 'contacts_tested' AS part) AS s
      LEFT JOIN (SELECT k.outbreak, sum(k.judged) AS judged, sum(k.reached) AS reached,
                        sum(k.placed) AS placed, sum(k.tested) AS tested
                 FROM (SELECT j.outbreak, j.person,
                              max(CASE WHEN j.confirmed_at IS NULL THEN 1 ELSE 0 END) AS judged,
                              max(CASE WHEN j.confirmed_at IS NOT NULL
                                            AND j.level IN ('close', 'secondary')
                                            AND j.reached_at IS NULL AND j.placed_at IS NULL
                                       THEN 1 ELSE 0 END) AS reached,
                              max(CASE WHEN j.confirmed_at IS NOT NULL
                                            AND j.level IN ('close', 'secondary')
                                            AND j.placed_at IS NULL
                                       THEN 1 ELSE 0 END) AS placed,
                              max(CASE WHEN j.confirmed_at IS NOT NULL AND j.level = 'close'
                                            AND j.tested_at IS NULL
                                       THEN 1 ELSE 0 END) AS tested
                       FROM tracing_joined AS j
                       LEFT JOIN cases AS c ON c.case_id = j.case_id
                       WHERE j.outbreak IS NOT NULL
                         AND (c.classification IS NULL OR c.classification <> 'not_a_case')
                         AND CASE WHEN j.confirmed_at IS NULL THEN j.dismissed_at IS NULL
                                  ELSE j.converted_at IS NULL
                                       AND (j.dismissed_at IS NULL
                                            OR j.last_confirmed_at >= j.dismissed_at) END
                       GROUP BY j.person, j.outbreak) AS k
                 GROUP BY k.outbreak) AS w ON w.outbreak = o.outbreak
      UNION ALL
      SELECT o.outbreak, 'nobody_unidentified' AS part,
             (SELECT count(*) FROM contact_unidentified AS u
              LEFT JOIN cases AS c ON c.case_id = u.case_id
              WHERE coalesce(c.outbreak, u.outbreak) = o.outbreak AND u.told_at IS NOT NULL
                AND u.identified_at IS NULL
                AND (c.classification IS NULL OR c.classification <> 'not_a_case')) AS open,
             0 AS since, 0 AS pending, 0 AS span_us
      FROM (SELECT DISTINCT x.outbreak FROM cases_found AS x) AS o
      UNION ALL
      SELECT o.outbreak, 'letters_answered' AS part,
             (SELECT count(*) FROM letter AS x
              WHERE x.outbreak = o.outbreak AND x.done_at IS NULL) AS open,
             0 AS since, 0 AS pending, 0 AS span_us
      FROM (SELECT DISTINCT x.outbreak FROM cases_found AS x) AS o
      UNION ALL
      SELECT o.outbreak, 'data_days_complete' AS part,
             (SELECT count(DISTINCT d.kind) FROM delivery AS d
              WHERE d.received_at + 86400000000 + :day_us <= :now
                AND NOT EXISTS (SELECT 1 FROM delivery AS e
                                WHERE coalesce(e.kind, '') = d.kind
                                  AND e.last_day IS NOT NULL AND e.last_day > d.last_day
                                  AND e.first_day <= d.last_day + 1)
                AND NOT EXISTS (SELECT 1 FROM delivery AS e
                                WHERE coalesce(e.kind, '') = d.kind
                                  AND e.last_day IS NOT NULL AND e.last_day = d.last_day
                                  AND e.received_at > d.received_at)
                AND EXISTS (SELECT 1 FROM outbreak AS b
                            WHERE b.outbreak = o.outbreak
                              AND d.received_at + 86400000000 + :day_us
                                  > b.declared_at))
             + (SELECT count(DISTINCT d.lab) FROM lab_day AS d
                WHERE d.first_received_at + 86400000000 + :day_us <= :now
                  AND EXISTS (SELECT 1 FROM lab_day AS e
                              WHERE e.lab = d.lab AND e.last_resulted_at < d.first_received_at)
                  AND NOT EXISTS (SELECT 1 FROM lab_day AS e
                                  WHERE e.lab = d.lab
                                    AND e.last_resulted_at >= d.first_received_at)) AS open,
             0 AS since, 0 AS pending, 0 AS span_us
      FROM (SELECT DISTINCT x.outbreak FROM cases_found AS x) AS o
      UNION ALL
      SELECT o.outbreak, 'round_explained' AS part,
             count(DISTINCT CASE WHEN r.explained = 0 THEN r.tube_id ELSE NULL END) AS open,
             max(CASE WHEN r.explained = 0 THEN coalesce(r.result_at, 0) ELSE 0 END) AS since,
             count(DISTINCT CASE WHEN r.state = 'waiting' THEN r.tube_id ELSE NULL END) AS pending,
             0 AS span_us
      FROM (SELECT DISTINCT x.outbreak FROM cases_found AS x) AS o
      -- A positive without case may be of any outbreak.
      LEFT JOIN tracing_last_round AS r ON r.outbreak = o.outbreak OR r.case_id = ''
      GROUP BY o.outbreak
) AS q
