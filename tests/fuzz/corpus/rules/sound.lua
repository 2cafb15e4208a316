local function wooden(s) return s.kind == "wood" end
finding "shelf.full" {
  scope = "shelf", group = "counts", leak = "rarely", where = wooden,
  test = function(s) return any { function() return s.load > 1 end, function() return s.colours:share("red") > 0.3 end } end,
  says = "{kind} {load:%}", cites = "c",
}
cause "shelf.crowded" {
  title = "Crowded", summary = function(s) return text(s.kind) .. pct(0.5) .. num(3) .. dur(60) end, scope = "shelf", prior = "common",
  links = { ["shelf.full"] = "usually" }, urgency = function(s) return known(s, "load") and "act" or "watch" end, usual_urgency = "watch",
  remedies = { { "shelf.clear", "often" } },
}
remedy "shelf.clear" {
  title = "Clear it", risk = "low",
  steps = function(s) return { "look", { "go", command("x %s %d", s.name, value(s.house, "people", 2)) } } end,
  withheld = function(s) for n, c in s.colours:each() do if c > 5 then return n end end end,
}
