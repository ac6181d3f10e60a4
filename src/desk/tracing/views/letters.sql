-- title: 协查函 | Letters between regions
-- about: 发出与收到的协查函、涉及几人、何时收到、核查、落实管控、办结，下一步（receipt 对方回执、
--     first_check 首次核查、under_control 落实管控、other 全部答复；办结后为空）、时限、由哪个专班负责；管控时间只来自“落实管控”的答复：查无此人、直接办结的为空
--     | letters out and in: about how many people, when there was a receipt, a first check,
--     control, and an end; the next step (receipt first_check under_control other; empty when
--     all is answered), by when, and whose. Control has a time only where
--     an answer says so: it is empty where nobody was to be found, or all was answered at once
-- roles: commander lead investigator auditor
-- number: check_us = deadlines.letter.first_check
-- number: control_us = deadlines.letter.under_control
-- number: other_us = deadlines.letter.other
-- column: letter_id = letter.letter_id
-- column: outgoing = letter.outgoing
-- column: region = letter.region
-- column: about = letter.about
-- column: next_step = TEXT 下一步 | next step
-- column: turn = TIME 时限 | due
-- column: owner = TEXT 责任专班 | work group that has to see to it
-- column: case_id = letter.case_id
-- column: outbreak = letter.outbreak
-- column: persons_count = INTEGER 1 涉及人数 | people it is about
-- column: sent_at = letter.sent_at
-- column: received_at = letter.received_at
-- column: receipt_at = letter.receipt_at
-- column: checked_at = letter.checked_at
-- column: controlled_at = letter.controlled_at
-- column: not_found_at = letter.not_found_at
-- column: done_at = letter.done_at
-- column: answered_at = letter.answered_at
-- column: grid = letter.grid
-- key: letter_id
-- sorts: letter_id turn -sent_at -received_at
-- filters: letter_id outgoing region about next_step case_id outbreak
-- scope: grid
-- small: yes
SELECT x.letter_id, x.outgoing, x.region, x.about, x.next_step,
       CASE x.next_step WHEN 'receipt' THEN x.sent_at + :check_us
                        WHEN 'first_check' THEN x.received_at + :check_us
                        WHEN 'under_control' THEN x.received_at + :control_us
                        WHEN 'other' THEN x.begun_at + :other_us
                        ELSE NULL END AS turn,
       CASE WHEN x.next_step IS NULL THEN NULL ELSE 'tracing' END AS owner,
       x.case_id, x.outbreak,
       (SELECT count(*) FROM letter_person AS p WHERE p.letter_id = x.letter_id)
           AS persons_count,
       x.sent_at, x.received_at, x.receipt_at, x.checked_at, x.controlled_at,
       x.not_found_at, x.done_at, x.answered_at, x.grid
-- The steps are those of the holes of letters (holes/letter_*.sql).
FROM (SELECT l.*,
             CASE WHEN l.outgoing = 1 THEN l.receipt_at ELSE l.received_at END AS begun_at,
             CASE WHEN l.done_at IS NOT NULL THEN NULL
                  WHEN l.outgoing = 1 AND l.receipt_at IS NULL THEN 'receipt'
                  WHEN l.outgoing = 0 AND l.checked_at IS NULL THEN 'first_check'
                  WHEN l.outgoing = 0 AND l.controlled_at IS NULL AND l.about = 'control'
                       THEN 'under_control'
                  WHEN l.outgoing IS NOT NULL THEN 'other'
                  ELSE NULL END AS next_step
      FROM letter AS l) AS x
