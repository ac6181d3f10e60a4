-- title: 风险公告 | Notices of exposure
-- about: 已发布的场所与时间，以及请公众做什么；从不写明病例
--     | places and times that were published, with what people should do; never a case
-- roles: commander lead investigator grid_worker regulator auditor
-- column: notice_id = notice.notice_id
-- column: place = notice.place
-- column: place_name = place.name
-- column: place_kind = place.kind
-- column: from_at = notice.from_at
-- column: until_at = notice.until_at
-- column: advice = notice.advice
-- column: outbreak = notice.outbreak
-- column: published_at = notice.published_at
-- column: cases_there = INTEGER 1 已知这段时间在该场所的病例（不足两例的，可能猜得到是谁） | cases known at the place in this time (fewer than two: people may guess who it is)
-- column: goes_on = YESNO 所属疫情尚未结束（未写明疫情的也算） | its outbreak goes on, or none is named
-- column: grid = TEXT 场所所在网格（未登记的按记录） | grid of the place, else of the record
-- key: notice_id
-- sorts: notice_id -published_at
-- filters: place outbreak
-- scope: grid
-- small: yes
SELECT n.notice_id, n.place, l.name AS place_name, l.kind AS place_kind, n.from_at, n.until_at, n.advice,
       n.outbreak, n.published_at,
       (SELECT count(DISTINCT e.case_id) FROM exposure_place AS e
        LEFT JOIN cases AS c ON c.case_id = e.case_id
        WHERE e.place = n.place AND e.place IS NOT NULL
          AND (c.classification IS NULL OR c.classification <> 'not_a_case')
          AND (e.from_at IS NULL OR n.until_at IS NULL OR e.from_at < n.until_at)
          AND (e.until_at IS NULL OR n.from_at IS NULL OR e.until_at > n.from_at))
         AS cases_there,
       CASE WHEN o.active = 0 THEN 0 ELSE 1 END AS goes_on,
       coalesce(l.grid, n.grid) AS grid
FROM notice AS n
LEFT JOIN place AS l ON l.place = n.place
LEFT JOIN outbreak AS o ON o.outbreak = n.outbreak
