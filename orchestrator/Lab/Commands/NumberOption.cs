using System.CommandLine;
using System.Globalization;

namespace Refresh.Lab.Commands;

/// <summary>Options that take a whole number between two bounds.</summary>
public static class NumberOption
{
    /// <summary>Refuses numbers out of bounds. What is no number at all is refused by the library, once this has let it pass.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The most.</param>
    /// <param name="refusal">What is said of a number that is out of bounds.</param>
    /// <returns>The option.</returns>
    public static Option<int> Between(this Option<int> option, int least, int most, Func<int, string> refusal)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var value) && (value < least || value > most))
                result.AddError(refusal(value));
        });
        return option;
    }
}
