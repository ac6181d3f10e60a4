-- title: 大量导出 | Large exports
-- about: 涉及 5000 人以上的导出：谁申请、谁同意、是否已交付
--     | exports of more than 5,000 persons: who asked, who agreed, whether they were delivered
-- roles: lead investigator auditor
-- column: export_id = exports.export_id
-- column: requested_by = exports.requested_by
-- column: asked = exports.asked
-- column: purpose = exports.purpose
-- column: reference_kind = exports.reference_kind
-- column: reference = exports.reference
-- column: persons = exports.persons
-- column: requested_at = exports.requested_at
-- column: released_by = exports.released_by
-- column: released_at = exports.released_at
-- column: delivered_at = exports.delivered_at
-- column: grid = exports.grid
-- key: export_id
-- sorts: export_id -export_id
-- filters: export_id requested_by
-- scope: grid
SELECT e.export_id, e.requested_by, e.asked, e.purpose, e.reference_kind, e.reference,
       e.persons, e.requested_at, e.released_by, e.released_at, e.delivered_at, e.grid
FROM exports AS e
