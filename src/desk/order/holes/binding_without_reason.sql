-- title: 依据已失效仍显示有效的措施 | Orders shown as binding without a reason
-- about: 措施所依据的事实已全部撤回或更正，却仍显示为有效。这一种应当永远为空；有一条，就是程序有误
--     | every fact that an order rests on was withdrawn or corrected, and it is still shown
--     as binding. There must never be one: if there is, the program is wrong
-- closes: 解除该措施（order.lifted），并上报程序错误
--     | the order is lifted (order.lifted), and the fault of the program reported
-- column: subject = orders.order_id
-- column: grid = orders.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = orders.issued_at
-- column: due_at = TIME 时限 | due
-- closed_by: order.lifted
-- touched_by: orders.order_id issued_at lifted_at grid
-- touched_by: order_reason.order_id
-- touched_by: dead_facts.fact SELECT order_id FROM order_reason WHERE fact = :fact
SELECT f.order_id AS subject, f.grid, 'order' AS owner, f.issued_at AS since,
       f.issued_at AS due_at
FROM order_in_force AS f
WHERE NOT EXISTS (SELECT 1 FROM order_reason AS r
                  LEFT JOIN dead_facts AS d ON d.fact = r.fact
                  WHERE r.order_id = f.order_id AND d.fact IS NULL)
