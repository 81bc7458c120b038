using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Refresh.Orchestrator.Tests.FleetFiles;
using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>Compiles the C# stack against an SDK made from the provider's schema, and runs it.</summary>
internal static class CSharpProgram
{
    private static readonly string Folder = Path.Combine(Texts.Root, "stacks", "vsphere-pair");

    // As <ImplicitUsings> has it.
    private const string ImplicitUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Net.Http;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    private static readonly Lazy<CSharpCompilation> Compilation = new(() => CSharpCompilation.Create(
        "vsphere-pair",
        Directory.GetFiles(Folder, "*.cs").Select(file => Parse(File.ReadAllText(file), Path.GetFileName(file)))
            .Append(Parse(ImplicitUsings)).Append(Parse(File.ReadAllText(VsphereSchema.Data("Pulumi.cs.txt")))).Append(Parse(SdkSource.Make())),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file)),
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error)));

    private static readonly Lazy<byte[]> Image = new(() =>
    {
        using var image = new MemoryStream();
        Assert.Empty(Compilation.Value.Emit(image).Diagnostics.Where(told => told.Severity == DiagnosticSeverity.Error).Select(told => told.ToString()));
        return image.ToArray();
    });

    /// <summary>What the compiler says of a file when something in it is written otherwise; warnings are errors.</summary>
    internal static IEnumerable<string> Mistakes(string file, string right, string wrong)
    {
        var tree = Compilation.Value.SyntaxTrees.Single(tree => tree.FilePath == file);
        Assert.Contains(right, tree.ToString(), StringComparison.Ordinal);
        var other = Parse(tree.ToString().Replace(right, wrong, StringComparison.Ordinal), file);
        return Compilation.Value.ReplaceSyntaxTree(tree, other).GetSemanticModel(other).GetDiagnostics().Select(told => told.ToString());
    }

    internal static StackRun Run(JsonObject stack, Cloud cloud)
    {
        var project = YamlText.Parse(File.ReadAllText(Path.Combine(Folder, "Pulumi.yaml")));
        var configuration = StackConfiguration.Resolve(project, stack);
        var loaded = Assembly.Load(Image.Value);
        var engine = loaded.GetType("Pulumi.Engine", throwOnError: true)!;
        void Set(string field, object value) => engine.GetField(field)!.SetValue(null, value);
        Set("Config", (string key) => Setting(configuration, key, cloud));
        Set("Register", (string type, string name, string inputs, string options) => cloud.Make(type, name, Read(inputs), Read(options)).ToJsonString());
        Set("Invoke", (string function, string arguments) => cloud.Call(function, Read(arguments)).ToJsonString());
        loaded.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        return cloud.Run(Read((string)engine.GetField("Outputs")!.GetValue(null)!));
    }

    private static SyntaxTree Parse(string text, string path = "") => CSharpSyntaxTree.ParseText(text, path: path);

    private static string? Setting(JsonObject configuration, string fullKey, Cloud cloud)
    {
        var key = fullKey["vsphere-pair:".Length..];
        cloud.Keys.Add(key);
        return configuration[key] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var value => value.ToJsonString(),
        };
    }

    private static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();
}
