using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refresh.Workflows.Fleets;

/// <summary>Writes a member as <c>pair/member</c>.</summary>
internal sealed class MemberIdJson : JsonConverter<MemberId>
{
    public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return MemberId.Parse(reader.GetString() ?? string.Empty);
        }
        catch (FormatException wrong)
        {
            throw new JsonException(wrong.Message, wrong);
        }
    }

    public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
