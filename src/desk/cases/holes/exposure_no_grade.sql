-- title: 医务人员暴露未定随访等级 | Health workers without follow-up
-- about: 诊疗护理中有暴露，尚未按防护情况定随访等级；依据中没有给出时限，自记录起即为漏洞
--     | somebody was exposed in giving care, and no grade of follow-up was given by how they were
--     protected; no text gives a time for it, so that it is owed from the record on
-- closes: 同一编号的 exposure.recorded 写明 follow_up
--     | exposure.recorded of the same id with follow_up
-- column: subject = exposure.exposure_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次记录时间 | first recorded
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: exposure.recorded follow_up=none_needed,monitoring,quarantine
-- touched_by: exposure.exposure_id kind follow_up recorded_at person grid
-- touched_by: person.person grid
--     SELECT exposure_id FROM exposure WHERE person = :person
SELECT e.exposure_id AS subject, substr(coalesce(p.grid, e.grid), 1, 12) AS grid, 'medical' AS owner,
       e.recorded_at AS since, e.recorded_at AS due_at
FROM exposure AS e
LEFT JOIN person AS p ON p.person = e.person
WHERE e.kind = 'care' AND e.follow_up IS NULL
