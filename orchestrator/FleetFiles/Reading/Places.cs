using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads paths of files and of URLs.</summary>
internal static partial class Places
{
    /// <summary>A file or directory; a relative one starts from <paramref name="directory"/>.</summary>
    public static string? File(this Field field, string directory) =>
        field.Text() is not { } text ? null
        : text.StartsWith('~') ? field.Fail<string>($"'{field.Path}' must be a path, and '~' is not replaced by anybody's home", "write it out, or relative to the fleet file")
        : Path.GetFullPath(text, directory);

    /// <summary>The path of an HTTP request, with its query.</summary>
    public static string? UrlPath(this Field field) =>
        field.Text(UrlPathForm(), "the path of a URL", "begin it with '/', for example /health");

    /// <summary>The base URL of an HTTP interface. A password in it is refused and not repeated.</summary>
    public static Uri? Url(this Field field)
    {
        if (field.Text() is not { } text)
            return null;
        if (text.Contains('@', StringComparison.Ordinal))
            return field.Fail<Uri>($"'{field.Path}' must be a URL without user name and password", "a fleet file holds no secrets");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.Port > 0
            ? url
            : field.Fail<Uri>($"'{field.Path}' must be an http or https URL without query, not {field.Written}", "for example http://127.0.0.1:9000");
    }

    [GeneratedRegex(@"^/[!""$-~]*\z")]
    private static partial Regex UrlPathForm();
}
