/* generate_words: numbers, names and texts of the sample data. */
#include "tests/sandbox/generate.h"

#include "common/timetext.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_FROM 34000 /* bytes; more characters than a task takes */

/* ---- numbers ---- */

static uint64_t state;

void
gen_seed(uint64_t seed)
{
    state = seed;
}

/* splitmix64 */
uint64_t
gen_random(uint64_t below)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

void
gen_uuid(char out[37])
{
    uint64_t a = gen_random(UINT64_MAX), b = gen_random(UINT64_MAX);

    snprintf(out, 37, "%08x-%04x-4%03x-a%03x-%012" PRIx64, (unsigned)(a >> 32),
             (unsigned)(a & 0xffff), (unsigned)(a >> 16 & 0xfff),
             (unsigned)(b >> 52), b & 0xffffffffffff);
}

/* ---- rows ---- */

cJSON *
gen_row(cJSON *doc, const char *type)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, type);
    cJSON *row = cJSON_CreateObject();

    if (list == NULL)
        list = cJSON_AddArrayToObject(doc, type);
    cJSON_AddItemToArray(list, row);
    return row;
}

void
gen_text(cJSON *row, const char *name, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    cJSON_AddStringToObject(row, name, text);
}

void
gen_time(cJSON *row, const char *name, int64_t ms)
{
    char text[TIMETEXT_SIZE];

    cJSON_AddStringToObject(row, name, timetext_ms(ms, text));
}

void
gen_sf_time(cJSON *row, const char *name, int64_t ms)
{
    char text[TIMETEXT_SIZE];

    timetext_s(ms, text);
    gen_text(row, name, "%.19s.000+0000", text);
}

/* ---- texts ---- */

static const char *const paragraphs[] = {
    "<p>Grüße aus Köln &amp; danke für das Gespräch.</p>",
    "<p>Talked about <b>renewal</b>; see <a "
    "href=\"https://example.test/offer?a=1&amp;b=2\">the offer</a> "
    "\xF0\x9F\x9A\x80</p>",
    "<ul><li>Angebot schicken</li><li>Termin am 3.&nbsp;Mai</li></ul>",
    "<p style=\"margin:0;\">来週の会議について。資料は<strong>木曜日</strong>"
    "までにお送りします。</p>",
    "<p>Presupuesto &lt; 10&nbsp;k&euro;; ¿lo vemos el lunes?<br>Saludos</p>",
    "<ol><li>Demo &#8211; 30 min</li><li>Pricing<ul><li>per seat</li><li>flat"
    "</li></ul></li></ol>",
    "<p>Ustalono: <i>wdrożenie w czerwcu</i> \xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"
    "</p>",
    "<blockquote><p>&gt; Can you confirm the quantity?</p></blockquote><p>Yes,"
    " 1&#44;250 units.</p>",
    "<p>Left a voicemail. Will try again tomorrow.</p><p><br></p>",
    "<table><tr><td>Seats</td><td>25</td></tr><tr><td>Term</td><td>24&nbsp;"
    "months</td></tr></table>",
    "<p>Домовились про демо у вівторок; İmza için sözleşme gönderildi.</p>",
    "<p>견적서 보내드렸습니다. \xF0\x9F\x99\x8F</p>",
};
static const char *const scripts[] = {
    "<script>alert('x')</script>",
    "<style>p { color: red }</style>",
    "<img src=\"https://us.test/pixel.gif\" onerror=\"alert(1)\" alt=\"\">",
};
static const char *const plain[] = {
    "Plain text, no tags. Budget < 10k & falling.",
    "First line\nsecond line\n\nThird, after an empty one.",
    "電話しました。不在でした。",
};
static const char *const topics[] = {
    "Q1 renewal",         "Angebot für Müller & Söhne",
    "Onboarding",         "価格のご相談",
    "Próximos pasos",     "Contract review \xE2\x80\x93 final",
    "Wdrożenie",          "Demo \xF0\x9F\x8E\xAF",
    "Invoice #4711",      "\"Express\" shipping",
    "Rückfrage Lizenzen", "Technical deep-dive",
};

const char *
gen_topic(void)
{
    return GEN_PICK(topics);
}

void
gen_html(cJSON *row, const char *name, bool is_long)
{
    static const char head[] =
        "<div style=\"\" dir=\"auto\" data-top-level=\"true\">";
    char *text = calloc(1, LONG_FROM * 4), *at = text;
    size_t n = 1 + gen_random(4);

    if (text == NULL)
        abort();
    if (!is_long && gen_random(12) == 0) {
        cJSON_AddStringToObject(row, name, GEN_PICK(plain));
        free(text);
        return;
    }
    at = stpcpy(at, head);
    for (size_t i = 0; i < n || (is_long && at - text < 3 * LONG_FROM); i++)
        at = stpcpy(at, GEN_PICK(paragraphs));
    if (gen_random(15) == 0)
        at = stpcpy(at, GEN_PICK(scripts));
    stpcpy(at, "</div>");
    cJSON_AddStringToObject(row, name, text);
    free(text);
}

/* ---- places ---- */

static const struct gen_place places[] = {
    {"Germany",
     "europe_slash_berlin",
     "+49 30",
     {"Jürgen", "Käthe", "Max", "Zoë"},
     {"Müller", "Weiß", "Schönfeld", "von der Au"},
     {"juergen", "kaethe", "max", "zoe"},
     {"mueller", "weiss", "schoenfeld", "vonderau"}},
    {"Japan",
     "asia_slash_tokyo",
     "+81 3",
     {"太郎", "花子", "健", "美咲"},
     {"山田", "佐藤", "鈴木", "髙橋"},
     {"taro", "hanako", "ken", "misaki"},
     {"yamada", "sato", "suzuki", "takahashi"}},
    {"Spain",
     "europe_slash_madrid",
     "+34 91",
     {"Nuría", "José", "Íñigo", "Belén"},
     {"García", "Núñez", "Ibáñez", "Muñoz"},
     {"nuria", "jose", "inigo", "belen"},
     {"garcia", "nunez", "ibanez", "munoz"}},
    {"United States",
     "us_slash_eastern",
     "+1 212",
     {"Ada", "Grace", "DeShawn", "Mary-Jo"},
     {"Lovelace", "Hopper", "O'Neill", "Smith Jr."},
     {"ada", "grace", "deshawn", "maryjo"},
     {"lovelace", "hopper", "oneill", "smith"}},
    {"Poland",
     "europe_slash_warsaw",
     "+48 22",
     {"Łukasz", "Małgorzata", "Żaneta", "Jan"},
     {"Kowalski", "Wójcik", "Dąbrowska", "Świątek"},
     {"lukasz", "malgorzata", "zaneta", "jan"},
     {"kowalski", "wojcik", "dabrowska", "swiatek"}},
    {"Ireland",
     "europe_slash_dublin",
     "+353 1",
     {"Aoife", "Seán", "Niamh", "Oisín"},
     {"Ó Briain", "Murphy", "Ní Dhomhnaill", "Byrne"},
     {"aoife", "sean", "niamh", "oisin"},
     {"obriain", "murphy", "nidhomhnaill", "byrne"}},
    {"India",
     "asia_slash_kolkata",
     "+91 80",
     {"Priya", "Arjun", "नेहा", "Ravi"},
     {"Sharma", "Iyer", "गुप्ता", "Patel"},
     {"priya", "arjun", "neha", "ravi"},
     {"sharma", "iyer", "gupta", "patel"}},
    {"Ukraine",
     "europe_slash_kiev",
     "+380 44",
     {"Олена", "Тарас", "Ігор", "Юлія"},
     {"Шевченко", "Коваль", "Їжак", "Бойко"},
     {"olena", "taras", "ihor", "yuliia"},
     {"shevchenko", "koval", "yizhak", "boyko"}},
    {"Turkey",
     "europe_slash_istanbul",
     "+90 212",
     {"Ömer", "İpek", "Çağla", "Işıl"},
     {"Yılmaz", "Şahin", "Öztürk", "Güneş"},
     {"omer", "ipek", "cagla", "isil"},
     {"yilmaz", "sahin", "ozturk", "gunes"}},
    {"Brazil",
     "america_slash_sao_paulo",
     "+55 11",
     {"João", "Conceição", "Luís", "Bia"},
     {"da Silva", "Gonçalves", "Araújo", "Souza"},
     {"joao", "conceicao", "luis", "bia"},
     {"dasilva", "goncalves", "araujo", "souza"}},
    {"South Korea",
     "asia_slash_seoul",
     "+82 2",
     {"민준", "서연", "지우", "하은"},
     {"김", "이", "박", "최"},
     {"minjun", "seoyeon", "jiwoo", "haeun"},
     {"kim", "lee", "park", "choi"}},
    {"Denmark",
     "europe_slash_copenhagen",
     "+45 33",
     {"Søren", "Åse", "Bjørn", "Mette"},
     {"Kierkegaard", "Ångström", "Jørgensen", "Østergaard"},
     {"soren", "aase", "bjorn", "mette"},
     {"kierkegaard", "angstrom", "jorgensen", "ostergaard"}},
};

const struct gen_place *
gen_place(size_t i)
{
    return &places[i % (sizeof(places) / sizeof(places[0]))];
}
