-- title: 病例进度 | Milestones of cases
-- about: 每个病例从发病到完整报告、隔离、救治的各个时间；不显示是谁
--     | the times of each case from onset to the full report, isolation and treatment; it
--     names nobody
-- roles: commander lead investigator medic auditor
-- column: case_id = cases.case_id
-- column: outbreak = TEXT 疫情编号（未写明的按其接触者所写） | outbreak; where nobody said it, that of its contacts
-- column: classification = cases.classification
-- column: source = cases.source
-- column: onset = cases.onset
-- column: first_care_at = cases.first_care_at
-- column: sampled = cases.sampled
-- column: reported = TIME 报告时间 | reported
-- column: first_facts_at = case_work.first_facts_at
-- column: core_report_at = case_work.core_report_at
-- column: contacts_listed_at = case_work.contacts_listed_at
-- column: source_search_at = case_work.source_search_at
-- column: full_report_at = case_work.full_report_at
-- column: isolated = TIME 首次隔离时间 | first set apart
-- column: treated_at = case_work.treated_at
-- column: care = case_work.care
-- column: origin = case_work.origin
-- column: linked_case = case_work.linked_case
-- column: severity = case_work.severity
-- column: outcome = case_work.outcome
-- column: outcome_at = case_work.outcome_at
-- column: lineage = case_work.lineage
-- column: classified_at = case_work.classified_at
-- column: grid = TEXT 病例所在网格（未写明的按本人住址；到村、社区为止） | grid of the case, else of its person; no finer than a village
-- key: case_id
-- sorts: case_id -case_id -reported
-- filters: case_id outbreak classification source origin outcome
-- scope: grid
-- small: yes
SELECT c.case_id,
       -- That in which its contacts were named, where nobody said it of the case.
       CAST(coalesce(c.outbreak, (SELECT max(k.outbreak) FROM contact AS k
                                  WHERE k.case_id = c.case_id),
                     (SELECT max(u.outbreak) FROM contact_unidentified AS u
                      WHERE u.case_id = c.case_id)) AS TEXT) AS outbreak,
       c.classification, c.source, c.onset, c.first_care_at, c.sampled, coalesce(c.reported, c.first_told_at) AS reported, w.first_facts_at,
       w.core_report_at, w.contacts_listed_at, w.source_search_at, w.full_report_at,
       coalesce(w.set_apart_at, c.isolated) AS isolated, w.treated_at, w.care, w.origin,
       w.linked_case, w.severity, w.outcome, w.outcome_at, w.lineage, w.classified_at,
       substr(coalesce(c.grid, p.grid), 1, 12) AS grid
FROM cases AS c
LEFT JOIN case_work AS w ON w.case_id = c.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
