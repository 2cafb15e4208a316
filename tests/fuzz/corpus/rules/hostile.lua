for k, v in pairs(string) do if k == "rep" then v("x", 10) end end
local t = {} for i = 1, 100 do t[i] = ("a"):rep(i):find("a-b") end table.sort({ 3, 1, 2 }, function(a, b) return a < b end)
finding "a.b" { scope = "house", group = "g", leak = 0.5, says = function(h) return h.people .. "" end,
  test = function(h) while true do h = h.house end end }
pcall(error, {})
