-- title: 主动报备 | Self-reports
-- about: 谁主动报备了什么、是否对得上已判定的风险场所、已发布的公告，何时答复
--     | who reported what of themselves, whether it matches a place of exposure or a notice
--     that was published, and when they were answered
-- roles: lead investigator grid_worker
-- personal: yes
-- column: report_id = self_report.report_id
-- column: person = self_report.person
-- column: about = self_report.about
-- column: place = self_report.place
-- column: happened_at = self_report.happened_at
-- column: until_at = self_report.until_at
-- column: reported_at = self_report.reported_at
-- column: answered_at = self_report.answered_at
-- column: answer = self_report.answer
-- column: matches = INTEGER 1 相符的风险场所数 | places of exposure that it matches
-- column: notices = INTEGER 1 相符的已发布公告数 | published notices that it matches
-- column: grid = TEXT 本人所在网格（未登记的按记录） | grid of the person, else of the record
-- opens: person = name phone
-- key: report_id
-- sorts: report_id -reported_at
-- filters: report_id person about place answer
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT s.report_id, s.person, s.about, s.place, s.happened_at, s.until_at, s.reported_at,
       s.answered_at, s.answer,
       (SELECT count(*) FROM exposure_place AS e
        LEFT JOIN cases AS c ON c.case_id = e.case_id
        WHERE e.place = s.place AND e.place IS NOT NULL
          AND (c.classification IS NULL OR c.classification <> 'not_a_case')
          AND (e.until_at IS NULL OR s.happened_at <= e.until_at)
          AND (e.from_at IS NULL OR coalesce(s.until_at, s.happened_at) >= e.from_at))
           AS matches,
       -- As whoever reports is answered (report_notices.sql).
       (SELECT count(*) FROM notice AS n
        LEFT JOIN outbreak AS o ON o.outbreak = n.outbreak
        WHERE n.place = s.place AND n.place IS NOT NULL AND n.published_at IS NOT NULL
          AND (o.active IS NULL OR o.active = 1)
          AND (n.from_at IS NULL OR n.from_at <= coalesce(s.until_at, s.happened_at))
          AND (n.until_at IS NULL OR n.until_at >= s.happened_at))
           AS notices,
       coalesce(p.grid, s.grid) AS grid, p.sealed AS person_sealed
FROM self_report AS s
LEFT JOIN person AS p ON p.person = s.person
