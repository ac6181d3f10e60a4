-- title: 交接班 | Hand-overs
-- about: 每个岗位的上一班留给下一班的话
--     | what each shift of a post told the next
-- roles: lead investigator grid_worker sampler medic regulator
-- personal: yes
-- column: post = handover.post
-- column: fact = handover.fact
-- column: next = handover.next
-- column: handed_at = handover.handed_at
-- column: grid = handover.grid
-- opens: handover = note
-- key: post fact
-- sorts: post -handed_at
-- filters: post next
-- scope: grid
-- small: yes
SELECT h.post, h.fact, h.next, h.handed_at, h.grid, h.sealed AS handover_sealed
FROM handover AS h
