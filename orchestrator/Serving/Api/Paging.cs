using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>A page of a list, and the cursor of the next one.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor; null on the last page.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How pages are asked for: <c>limit</c> and <c>cursor</c>.</summary>
internal static class Paging
{
    private const int Most = 200;
    private const int Normal = 50;

    /// <summary>How many items are wanted.</summary>
    public static int Limit(HttpContext http, int normal = Normal, int most = Most)
    {
        if (http.Request.Query["limit"] is not [{ Length: > 0 } text])
            return normal;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most
            ? limit
            : throw Problem.Of(ProblemCode.InvalidRequest, $"limit is {Problem.Shown(text)} and must be 1 to {most}.");
    }

    /// <summary>What the cursor stands for; null on the first page.</summary>
    public static string? Cursor(HttpContext http)
    {
        if (http.Request.Query["cursor"] is not [{ Length: > 0 } text])
            return null;
        try
        {
            return text.Length < 200 && Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text)) is ['r', ':', .. var place] ? place : throw Wrong(text);
        }
        catch (FormatException)
        {
            throw Wrong(text);
        }
    }

    /// <summary>The number that the cursor stands for, of a list that is in the order of numbers; null on the first page.</summary>
    public static long? Number(HttpContext http) => Cursor(http) is not { } place ? null
        : long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Problem.Of(ProblemCode.CursorInvalid, "This is a cursor of another list.");

    /// <summary>A cursor, which says nothing to anybody else.</summary>
    public static string Write(string place) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($"r:{place}"));

    private static Problem Wrong(string text) => Problem.Of(ProblemCode.CursorInvalid, $"{Problem.Shown(text)} is no cursor of this service. Leave it out for the first page.");
}
