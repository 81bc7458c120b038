using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refresh.Workflows.Journal;

/// <summary>Reads lists in which nothing may be missing: an element that is null is refused, as a part that is null is.</summary>
internal sealed class WholeLists : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && !typeToConvert.GetGenericArguments()[0].IsValueType;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WholeList<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class WholeList<T> : JsonConverter<IReadOnlyList<T>>
        where T : class
    {
        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var list = JsonSerializer.Deserialize<List<T>>(ref reader, options)!;
            return list.TrueForAll(element => element is not null)
                ? list
                : throw new JsonException($"A list of {typeof(T).Name} has an element that is null.");
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize<IEnumerable<T>>(writer, value, options);
    }
}
