-- Tables that were made before the setting came kept the default; on those that have it already this changes nothing.
ALTER TABLE usage_raw ${on_cluster} MODIFY SETTING merge_selector_base = 15;
ALTER TABLE usage_identities ${on_cluster} MODIFY SETTING merge_selector_base = 15;
ALTER TABLE usage_per_day ${on_cluster} MODIFY SETTING merge_selector_base = 15;
ALTER TABLE usage_per_hour ${on_cluster} MODIFY SETTING merge_selector_base = 15;
ALTER TABLE usage_set_aside ${on_cluster} MODIFY SETTING merge_selector_base = 15;
