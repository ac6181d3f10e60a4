-- title: 交接班 | Hand-overs
-- about: 每个岗位的上一班留给下一班的话：谁写的、何时写的、交给谁
--     | what each shift of a post told the next: who wrote it, when, and to whom
-- roles: lead investigator grid_worker sampler medic regulator
-- personal: yes
-- column: post = handover.post
-- column: fact = handover.fact
-- column: author = handover.author
-- column: next = handover.next
-- column: handed_at = handover.handed_at
-- column: grid = handover.grid
-- opens: handover = note
-- key: post fact
-- sorts: post -handed_at
-- filters: post author next
-- scope: grid
-- small: yes
SELECT h.post, h.fact, h.author, h.next, h.handed_at, h.grid,
       h.sealed AS handover_sealed
FROM handover AS h
