-- title: 风险场所无名单也无公告 | Places without list or notice
-- about: 判定了风险场所，过了核心信息报告的时限，同场人员既未列出，也未发布公告
--     | people were exposed to a case at a place, and when its core report was due they were
--     neither listed, nor was a notice published
-- closes: place.listed，或该场所的公告（notice.published）
--     | place.listed, or a notice of the place (notice.published)
-- column: subject = exposure_place.place
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 判定时间 | first told of
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.two_four_24.core_report
-- touched_by: exposure_place.place told_at listed_at from_at outbreak grid
-- touched_by: notice.place published_at until_at outbreak
-- touched_by: place.place grid
-- touched_by: cases.case_id reported first_told_at classification
--     SELECT place FROM exposure_place WHERE case_id = :case_id
SELECT e.place AS subject, coalesce(l.grid, e.grid) AS grid, 'tracing' AS owner,
       e.told_at AS since,
       CASE WHEN coalesce(c.reported, c.first_told_at) + :due_us > e.told_at
            THEN coalesce(c.reported, c.first_told_at) + :due_us
            ELSE e.told_at END AS due_at
FROM exposure_place AS e
LEFT JOIN cases AS c ON c.case_id = e.case_id
LEFT JOIN place AS l ON l.place = e.place
WHERE e.place IS NOT NULL AND e.listed_at IS NULL
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND NOT EXISTS (SELECT 1 FROM notice AS n
                  WHERE n.place = e.place AND n.place IS NOT NULL
                    AND n.published_at IS NOT NULL
                    AND (n.outbreak IS NULL OR e.outbreak IS NULL
                         OR n.outbreak = e.outbreak)
                    AND (n.until_at IS NULL OR e.from_at IS NULL
                         OR n.until_at >= e.from_at))
