using System.Text;
using System.Text.Json.Nodes;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>
/// C# source of <c>Pulumi.VSphere</c>, made from the schema by the naming rules of Pulumi's generator. What the schema requires is
/// a <c>required</c> member here, so that the compiler tells what is left out.
/// </summary>
internal static class SdkSource
{
    internal static string Make()
    {
        var source = new StringBuilder("#nullable enable\n#pragma warning disable\nusing System.Collections.Immutable;\n");
        source.Append("namespace Pulumi.VSphere.Inputs {\n");
        foreach (var (token, type) in VsphereSchema.Types)
            Inputs(source, $"{Last(token)}Args", "ResourceArgs", type!["properties"]!, type["required"]);
        source.Append("}\nnamespace Pulumi.VSphere.Outputs {\n");
        foreach (var (token, type) in VsphereSchema.Types)
            Results(source, Last(token), type!["properties"]!, type["required"]);
        source.Append("}\nnamespace Pulumi.VSphere {\npublic static class Config { }\n");
        foreach (var (token, resource) in VsphereSchema.Resources)
            Resource(source, token, resource!);
        foreach (var (token, function) in VsphereSchema.Functions)
            Function(source, token, function!);
        return source.Append("}\n").ToString();
    }

    private static void Resource(StringBuilder source, string token, JsonNode resource)
    {
        var name = Last(token);
        Inputs(source, $"{name}Args", "ResourceArgs", resource["inputProperties"]!, resource["requiredInputs"]);
        source.Append($"public partial class {name} : global::Pulumi.CustomResource {{\n");
        source.Append($"public {name}(string name, {name}Args args, CustomResourceOptions? options = null) : base(\"{token}\", name, args, options) {{ }}\n");
        foreach (var (property, shape) in resource["properties"]!.AsObject())
            source.Append($"[Output(\"{property}\")] public Output<{Result(shape!)}{Optional(property, resource["required"])}> {Pascal(property)} {{ get; private set; }} = null!;\n");
        source.Append("}\n");
    }

    private static void Function(StringBuilder source, string token, JsonNode function)
    {
        var name = Pascal(Last(token));
        Inputs(source, $"{name}InvokeArgs", "InvokeArgs", function["inputs"]!["properties"]!, function["inputs"]!["required"]);
        Results(source, $"{name}Result", function["outputs"]!["properties"]!, function["outputs"]!["required"]);
        source.Append($"public static class {name} {{ public static Output<{name}Result> Invoke({name}InvokeArgs args, InvokeOptions? options = null) =>\n");
        source.Append($"Output.Create(System.Text.Json.JsonSerializer.Deserialize<{name}Result>(Engine.Invoke(\"{token}\", Engine.Text(args)), Engine.Json)!); }}\n");
    }

    private static void Inputs(StringBuilder source, string name, string parent, JsonNode properties, JsonNode? required)
    {
        source.Append($"public sealed class {name} : global::Pulumi.{parent} {{\n");
        foreach (var (property, shape) in properties.AsObject())
        {
            var must = Optional(property, required).Length == 0;
            if ((string?)shape!["type"] == "array")
            {
                var list = $"InputList<{Input(shape["items"]!)}>";
                source.Append($"[Input(\"{property}\")] private {list}? _{property};\n");
                source.Append($"public {(must ? "required " : "")}{list} {Pascal(property)} {{ get => _{property} ??= new(); set => _{property} = value; }}\n");
            }
            else
            {
                source.Append($"[Input(\"{property}\")] public {(must ? "required " : "")}Input<{Input(shape)}>{(must ? "" : "?")} {Pascal(property)} {{ get; set; }}\n");
            }
        }

        source.Append("}\n");
    }

    private static void Results(StringBuilder source, string name, JsonNode properties, JsonNode? required)
    {
        source.Append($"public sealed class {name} {{\n");
        foreach (var (property, shape) in properties.AsObject())
            source.Append($"public {Result(shape!)}{Optional(property, required)} {Pascal(property)} {{ get; init; }} = default!;\n");
        source.Append("}\n");
    }

    private static string Input(JsonNode shape) => shape["$ref"] is null ? Plain(shape) : $"Pulumi.VSphere.Inputs.{Last(VsphereSchema.Reference(shape))}Args";

    private static string Result(JsonNode shape) =>
        shape["$ref"] is not null ? $"Pulumi.VSphere.Outputs.{Last(VsphereSchema.Reference(shape))}"
        : (string?)shape["type"] == "array" ? $"ImmutableArray<{Result(shape["items"]!)}>"
        : Plain(shape);

    private static string Plain(JsonNode shape) => (string)shape["type"]! switch
    {
        "string" => "string",
        "integer" => "int",
        "boolean" => "bool",
        "object" => "ImmutableDictionary<string, string>",
        var other => throw new NotSupportedException(other),
    };

    private static string Optional(string property, JsonNode? required) =>
        (required as JsonArray ?? []).Any(name => (string)name! == property) ? "" : "?";

    private static string Last(string token) => token[(token.LastIndexOf(':') + 1)..];

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
