-- What every product falls back to.

cause "unknown.cause" {
  title   = "Something is wrong, but what was read does not say what",
  summary = "There are signs that are not normal and that no known cause explains well enough",
  scope = "host", prior = "very rare",
  links = {}, urgency = "watch",
  if_nothing = "not known: look again in a quarter of an hour and compare",
  remedies = { { "support.collect-bundle", "often" } },
  cites = "design: a world 'a cause I do not know' always takes part",
}

remedy "support.collect-bundle" {
  title = "Collect what was found and ask somebody who knows",
  steps = function(x)
    return {
      { "Write a support bundle of this moment; personal data is redacted", "mtadoctor collect -o mtadoctor-bundle.tar.gz" },
      "Look again in a quarter of an hour: two samples say more than one",
    }
  end,
  needs = "space for the bundle on a disk that the mail system does not use", risk = "low", restart = "none",
  undo = "remove the bundle", verify = "the answer names a cause",
  reference = "field case H25: take at least two samples before ranking", minutes = 15, risk_minutes = 0, cites = "field cases G11, H25",
}
