using System.Runtime.CompilerServices;
using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Boms;

/// <summary>Reads the packages out of an SBOM, CycloneDX or SPDX in JSON, of any size: one package at a time is in memory.</summary>
internal static class SbomReader
{
    /// <summary>The format, one of these two.</summary>
    private const string CycloneDx = "CycloneDX";

    private static readonly JsonShape s_shape = JsonShape.Of(
        "bomFormat", "spdxVersion",
        "components[].name", "components[].version", "components[].purl", "components[].type",
        "packages[].name", "packages[].versionInfo", "packages[].externalRefs[].referenceLocator",
        "SchemaVersion", "descriptor.name", "runs[].tool.driver.name").Nesting("components");

    /// <summary>The packages, in the order of the document. What was given is worth nothing if the reading fails later.</summary>
    /// <exception cref="FormatException">It is damaged, or no SBOM of a known format; with the place.</exception>
    public static async IAsyncEnumerable<Package> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? format = null;
        var open = new Stack<Draft>();
        await foreach (var picked in JsonPicker.PickAsync(stream, s_shape, cancellation))
        {
            switch (picked)
            {
                case { Kind: PickKind.Begin, Path: "components[]" or "packages[]" }:
                    open.Push(new Draft());
                    break;
                case { Kind: PickKind.End, Path: "components[]" or "packages[]" }:
                    if (open.Pop().Finish(picked.At) is { } package)
                        yield return package;
                    break;
                case { Kind: PickKind.Value, Path: "bomFormat" }:
                    format = picked.Text == CycloneDx ? CycloneDx : throw picked.At.Mistake($"bomFormat is not {CycloneDx}");
                    break;
                case { Kind: PickKind.Value, Path: "spdxVersion" }:
                    format = picked.Text.StartsWith("SPDX-2.", StringComparison.Ordinal) ? picked.Text : throw picked.At.Mistake("only SPDX 2 is read");
                    break;
                case { Kind: PickKind.Value, Path: "SchemaVersion" or "descriptor.name" or "runs[].tool.driver.name" }:
                    throw picked.At.Mistake("this is a scan report, not an SBOM; `refresh image scan` takes those");
                case { Kind: PickKind.Value }:
                    open.Peek().Take(picked);
                    break;
            }
        }

        if (format is null)
            throw new JsonPlace(1, 1).Mistake("it is neither CycloneDX (bomFormat) nor SPDX (spdxVersion) in JSON");
    }

    private sealed class Draft
    {
        private string _name = string.Empty;
        private string _version = string.Empty;
        private string? _purl;
        private bool _isFile;

        public void Take(Picked picked)
        {
            switch (picked.Path)
            {
                case "components[].name" or "packages[].name": _name = picked.Text; break;
                case "components[].version" or "packages[].versionInfo": _version = picked.Text; break;
                case "components[].purl": _purl = picked.Text; break;
                case "components[].type": _isFile = picked.Text == "file"; break;
                case "packages[].externalRefs[].referenceLocator" when picked.Text.StartsWith("pkg:", StringComparison.Ordinal): _purl = picked.Text; break;
            }
        }

        public Package? Finish(JsonPlace at) =>
            _isFile ? null
            : _name.Length > 0 ? new Package(_name, _version, _purl)
            : throw at.Mistake("the package that ends here has no name");
    }
}
