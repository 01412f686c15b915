-- Health of a ClassifierModel or a TrainingRun for Argo CD, from the same conditions that kubectl wait and Flux read.
local hs = {status = "Progressing", message = "Waiting for the operator."}
if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "It is being deleted."
  return hs
end
-- What the status says is about an older spec.
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end
local health = {Ready = "Healthy", Stalled = "Degraded", Suspended = "Suspended"}
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "Ready" then
    hs.message = condition.message
  end
  if condition.status == "True" and health[condition.type] ~= nil then
    hs.status = health[condition.type]
  end
end
return hs
