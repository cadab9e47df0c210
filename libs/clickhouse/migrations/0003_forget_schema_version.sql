-- Where versions were noted before there were migrations. The table `migrations` tells now.
DROP TABLE IF EXISTS schema_version ${on_cluster};
