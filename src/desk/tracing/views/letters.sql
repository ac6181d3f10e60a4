-- title: 协查函 | Letters between regions
-- about: 发出与收到的协查函、涉及几人、何时收到、核查、落实管控、办结
--     | letters out and in: about how many people, and when there was a receipt, a first
--     check, control, and an end
-- roles: commander lead investigator auditor
-- column: letter_id = letter.letter_id
-- column: outgoing = letter.outgoing
-- column: region = letter.region
-- column: about = letter.about
-- column: case_id = letter.case_id
-- column: outbreak = letter.outbreak
-- column: persons_count = INTEGER 1 涉及人数 | people it is about
-- column: sent_at = letter.sent_at
-- column: received_at = letter.received_at
-- column: receipt_at = letter.receipt_at
-- column: checked_at = letter.checked_at
-- column: controlled_at = letter.controlled_at
-- column: done_at = letter.done_at
-- column: grid = letter.grid
-- key: letter_id
-- sorts: letter_id -sent_at -received_at
-- filters: letter_id outgoing region about case_id outbreak
-- scope: grid
-- small: yes
SELECT x.letter_id, x.outgoing, x.region, x.about, x.case_id, x.outbreak,
       (SELECT count(*) FROM letter_person AS p WHERE p.letter_id = x.letter_id)
           AS persons_count,
       x.sent_at, x.received_at, x.receipt_at, x.checked_at, x.controlled_at, x.done_at,
       x.grid
FROM letter AS x
