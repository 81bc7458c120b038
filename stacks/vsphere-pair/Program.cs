using Pulumi;
using VspherePair;

return await Deployment.RunAsync(() => Pair.Make(new Settings(new Config())));
