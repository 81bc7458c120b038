using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refresh.Lab;

/// <summary>Writes the names of an enum as <c>kebab-case</c>.</summary>
internal sealed class KebabCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
