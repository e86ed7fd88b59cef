"""Plain statements of danger in fifteen languages, in standard-library code alone.

Two uses: the twelve languages beside English and Spanish are read from here always; and if spaCy or the rule
files cannot be loaded, the whole list stands in for them. `read` never raises.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

VERSION = "1"
SUICIDE, OVERDOSE, MEDICAL, ABUSE, HARM = "suicide", "overdose", "medical_emergency", "abuse", "harm_to_others"
SELF_HARM, THIRD_PARTY = "self_harm", "third_party"
_NOW = frozenset((OVERDOSE, MEDICAL))
_FALLBACK_ONLY = frozenset(("en", "es"))
_WITHOUT_SPACES = frozenset(("zh",))
_CJK = re.compile("[\u3400-\u9fff]")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "ٱ": "ا"})

# Words that turn a statement round when they stand directly before it.
_NEGATIONS = {
    "en": "not never no dont don't cannot didn't won't isn't",
    "es": "no nunca jamas tampoco sin",
    "fr": "ne n pas jamais sans",
    "pt": "nao nunca jamais sem num",
    "de": "nicht nie niemals kein keine",
    "it": "non mai senza",
    "nl": "niet nooit geen",
    "pl": "nie nigdy",
    "ar": "لا لم لن ما مش مو ليس لست la lam lan ma mish mesh mush mo",
    "hi": "नहीं मत ना न nahi nahin mat na",
    "vi": "khong chua chang cha ko k",
    "tl": "hindi di ayaw huwag",
    "ru": "не никогда ne nikogda",
    "zh": "不 没 沒 别 別 不会 不會 没有 沒有 从不 從不 并不 並不",
}

# Whole phrases; own script and the usual Latin spelling, without accents. `|` parts them.
_PHRASES: dict[str, dict[str, str]] = {
    "en": {
        SUICIDE: (
            "want to die|wanna die|kill myself|killing myself|end my life|ending my life|"
            "take my own life|suicidal|suicide|want to be dead|wish i was dead|wish i were dead|"
            "don't want to live|dont want to live|do not want to live|don't want to be alive|"
            "dont want to be alive|better off dead|end it all|don't want to be here anymore|"
            "dont want to be here anymore|hang myself|shoot myself|kms|unalive myself|no reason to live|"
            "tired of living|don't want to exist|dont want to exist|slit my wrists|not wake up again|"
            "overdose on purpose"
        ),
        OVERDOSE: (
            "took too much|took too many|taken too much|taken too many|overdosed|overdosing|overdose|"
            "double dose by mistake|swallowed the whole bottle|took the whole bottle|took all my pills|"
            "took all the pills|drank bleach|swallowed bleach|swallowed a whole bottle|"
            "took all of my pills|od'd"
        ),
        MEDICAL: (
            "can't breathe|cant breathe|cannot breathe|can not breathe|not breathing|isn't breathing|"
            "stopped breathing|chest pain|heart attack|having a stroke|having a seizure|is unconscious|"
            "unresponsive|won't wake up|wont wake up|can't wake|cant wake|collapsed|passed out|"
            "turning blue|call an ambulance|call 911|throat is closing|coughing up blood|vomiting blood|"
            "bleeding heavily|won't stop bleeding|wont stop bleeding|worst headache of my life|emergency"
        ),
        ABUSE: (
            "raped me|was raped|is hitting me|hits me|beats me|is beating me|will kill me|"
            "going to kill me|choked me|is hurting me|molested me|sexually assaulted|"
            "threatened to kill me|touched me without|abuses me|being abused"
        ),
        HARM: (
            "kill him|kill her|kill them|kill someone|hurt someone|hurt my baby|hurt my kids|"
            "kill my wife|kill my husband|hurt other people|shoot up|stab him|stab her|murder him|"
            "murder her"
        ),
        SELF_HARM: (
            "hurt myself|cut myself|cutting myself|harm myself|self harm|self-harm|burn myself|"
            "starving myself|stopped my insulin|hurting myself|swallowed a razor"
        ),
        THIRD_PARTY: (
            "kill himself|kill herself|kill themselves|he wants to die|she wants to die|is suicidal|"
            "hurt himself|hurt herself|cutting herself|cutting himself|suicide note|he is suicidal|"
            "she is suicidal"
        ),
    },
    "es": {
        SUICIDE: (
            "quiero morir|quiero morirme|me quiero morir|quiero matarme|me quiero matar|voy a matarme|"
            "me voy a matar|quiero suicidarme|me quiero suicidar|suicidarme|suicidio|no quiero vivir|"
            "no quiero seguir viviendo|quitarme la vida|acabar con mi vida|terminar con mi vida|"
            "ya no quiero vivir|mejor muerto|mejor muerta|ganas de morir|ganas de morirme|ideas suicidas|"
            "pensamientos suicidas"
        ),
        OVERDOSE: (
            "tome demasiado|tome demasiadas|tome demasiados|me tome demasiadas|"
            "me tome todas las pastillas|sobredosis|tome de mas|me pase de dosis|me tome todo el frasco|"
            "se tomo todas las pastillas|se tomo demasiadas|bebi cloro"
        ),
        MEDICAL: (
            "no puedo respirar|no respira|no esta respirando|dolor en el pecho|dolor de pecho|"
            "me duele el pecho|esta inconsciente|no despierta|no se despierta|se desmayo|convulsionando|"
            "una convulsion|ataque al corazon|una ambulancia|no reacciona|no responde|emergencia|"
            "vomitando sangre|se me cierra la garganta"
        ),
        ABUSE: (
            "me pega|me golpea|me violo|me violaron|me va a matar|me quiere matar|me esta pegando|"
            "me maltrata|abusa de mi|abuso de mi|me amenaza de muerte|me estrangulo"
        ),
        HARM: (
            "lo voy a matar|la voy a matar|voy a matarlo|voy a matarla|quiero matarlo|quiero matarla|"
            "matar a alguien|hacerle dano a alguien|los voy a matar"
        ),
        SELF_HARM: ("me corto|cortarme|hacerme dano|me autolesiono|autolesion|lastimarme|me corte los brazos|quemarme"),
        THIRD_PARTY: (
            "quiere matarse|se quiere matar|quiere suicidarse|se quiere suicidar|quiere morir|"
            "se quiere morir|quitarse la vida|ella quiere morir|se corta los brazos"
        ),
    },
    "fr": {
        SUICIDE: (
            "je veux mourir|j'veux mourir|veux mourir|envie de mourir|envie de me tuer|je vais me tuer|"
            "je veux me tuer|me suicider|je ne veux plus vivre|je veux plus vivre|veux plus vivre|"
            "en finir avec la vie|mettre fin a mes jours|mettre fin a ma vie|je voudrais mourir|"
            "j'aimerais mourir|je voudrais etre mort|je voudrais etre morte|pensees suicidaires|"
            "idees suicidaires|je suis suicidaire|j'ai envie d'en finir|plus envie de vivre|"
            "me foutre en l'air"
        ),
        MEDICAL: (
            "je ne peux pas respirer|je peux pas respirer|j'arrive pas a respirer|"
            "je n'arrive pas a respirer|je ne peux plus respirer|je peux plus respirer|"
            "j'arrive plus a respirer|je n'arrive plus a respirer|il ne respire pas|elle ne respire pas|"
            "il ne respire plus|elle ne respire plus|il respire plus|elle respire plus|il respire pas|"
            "elle respire pas|je m'etouffe|du mal a respirer|ne respire plus|ne respire pas"
        ),
        OVERDOSE: (
            "j'ai trop pris|j'ai pris trop de|j'en ai trop pris|j'en ai pris trop|j'ai fait une overdose|"
            "surdose|j'ai pris tous les comprimes|j'ai pris tous mes medicaments|"
            "j'ai avale toute la boite|il a trop pris|elle a trop pris|il a pris trop de|"
            "elle a pris trop de|j'ai pris toute la boite|j'ai avale trop de|j'ai avale tous"
        ),
        ABUSE: (
            "il me frappe|elle me frappe|me frappe|il me bat|elle me bat|mon mari me bat|il va me tuer|"
            "elle va me tuer|il veut me tuer|m'a violee|m'a viole|j'ai ete violee|j'ai ete viole|"
            "il m'a etranglee|me tape dessus|il menace de me tuer|va me tuer|on m'a violee|"
            "je me suis fait violer"
        ),
        HARM: (
            "je vais le tuer|je vais la tuer|je veux le tuer|je veux la tuer|je vais les tuer|"
            "je veux tuer quelqu'un|j'ai envie de le tuer|j'ai envie de la tuer|je vais tuer quelqu'un|"
            "j'ai envie de tuer|je vais tuer mon mari|je vais tuer ma femme"
        ),
    },
    "pt": {
        SUICIDE: (
            "quero morrer|eu quero morrer|queria morrer|vontade de morrer|quero me matar|vou me matar|"
            "quero suicidar|me suicidar|suicidar me|nao quero mais viver|nao quero viver|"
            "acabar com a minha vida|acabar com minha vida|tirar a minha vida|tirar minha propria vida|"
            "tirar minha vida|queria estar morto|queria estar morta|pensamentos suicidas|quero matar me|"
            "ja nao quero viver|por fim a minha vida|cansei de viver"
        ),
        MEDICAL: (
            "nao consigo respirar|n consigo respirar|nao posso respirar|nao estou conseguindo respirar|"
            "nao esta respirando|nao ta respirando|nao respira|ele nao respira|ela nao respira|"
            "nao esta a respirar|parou de respirar|estou sufocando|estou sem ar|to sem ar|falta de ar|"
            "dificuldade para respirar"
        ),
        OVERDOSE: (
            "tomei demais|tomei demasiado|tomei muitos comprimidos|tomei muito remedio|"
            "tomei remedio demais|tomei todos os comprimidos|tomei todos os remedios|tive uma overdose|"
            "ele tomou demais|ela tomou demais|tomei a caixa toda|tomei comprimidos demais|"
            "overdose de remedios|sobredosagem|tomei a cartela inteira|tomou remedio demais"
        ),
        ABUSE: (
            "ele me bate|ela me bate|meu marido me bate|bate em mim|bate me|ele vai me matar|"
            "ela vai me matar|vai me matar|vai matar me|me estuprou|fui estuprada|fui estuprado|"
            "me violou|fui violada|esta me batendo|ta me batendo|me espanca|violou me|ele me espancou|"
            "me bateu"
        ),
        HARM: (
            "vou matar ele|vou matar ela|vou mata lo|vou mata la|quero matar ele|quero matar ela|"
            "quero matar alguem|vou matar alguem|eu vou matar ele|quero mata lo|vou matar meu marido|"
            "vou matar minha mulher"
        ),
    },
    "de": {
        SUICIDE: (
            "ich will sterben|ich mochte sterben|ich moechte sterben|will sterben|ich will tot sein|"
            "ich will mich umbringen|ich bringe mich um|ich bring mich um|mich umbringen|"
            "ich will nicht mehr leben|will nicht mehr leben|ich mochte nicht mehr leben|"
            "ich moechte nicht mehr leben|mir das leben nehmen|selbstmord begehen|selbstmordgedanken|"
            "suizidgedanken|ich bin suizidal|ich ware lieber tot|ich waere lieber tot|mich toten|"
            "mein leben beenden|ich kann nicht mehr leben|ich will nimmer leben|suizid begehen"
        ),
        MEDICAL: (
            "ich kann nicht atmen|ich kann nicht mehr atmen|ich bekomme keine luft|ich krieg keine luft|"
            "ich kriege keine luft|bekomme keine luft|krieg keine luft|er atmet nicht|sie atmet nicht|"
            "er atmet nicht mehr|sie atmet nicht mehr|atmet nicht|ich ersticke|kaum atmen|atemnot|"
            "kann nicht atmen|keine luft mehr"
        ),
        OVERDOSE: (
            "zu viel genommen|zuviel genommen|zu viele tabletten|zu viele genommen|uberdosis|ueberdosis|"
            "alle tabletten genommen|alle tabletten geschluckt|zu viel eingenommen|zuviel eingenommen|"
            "zu viel geschluckt|zuviele tabletten|die ganze packung genommen|zu viele pillen|"
            "ganze packung geschluckt"
        ),
        ABUSE: (
            "er schlagt mich|er schlaegt mich|sie schlagt mich|sie schlaegt mich|schlagt mich|"
            "schlaegt mich|mein mann schlagt mich|er wird mich umbringen|er bringt mich um|"
            "sie bringt mich um|er will mich umbringen|er will mich toten|mich vergewaltigt|"
            "ich wurde vergewaltigt|bin vergewaltigt worden|hat mich gewurgt|er wurgt mich|"
            "droht mich umzubringen"
        ),
        HARM: (
            "ich bringe ihn um|ich bring ihn um|ich bringe sie um|ich bring sie um|ich werde ihn toten|"
            "ich werde ihn toeten|ich werde ihn umbringen|ich werde sie umbringen|ich will ihn umbringen|"
            "ich will sie umbringen|ich will ihn toten|ich will jemanden umbringen|"
            "ich will jemanden toten|ich tote ihn|ich bringe jemanden um"
        ),
    },
    "it": {
        SUICIDE: (
            "voglio morire|vorrei morire|voglia di morire|voglio uccidermi|mi voglio uccidere|mi uccido|"
            "mi ammazzo|voglio ammazzarmi|mi voglio ammazzare|voglio suicidarmi|mi voglio suicidare|"
            "suicidarmi|non voglio piu vivere|non voglio vivere|non ho piu voglia di vivere|farla finita|"
            "togliermi la vita|vorrei essere morto|vorrei essere morta|porre fine alla mia vita|"
            "pensieri suicidi|pensieri di suicidio|sto per uccidermi"
        ),
        MEDICAL: (
            "non riesco a respirare|non respiro|non posso respirare|non riesco piu a respirare|"
            "non respira|lui non respira|lei non respira|non respira piu|sto soffocando|"
            "mi manca il respiro|mi manca l'aria|faccio fatica a respirare|fatico a respirare|"
            "ha smesso di respirare|non sta respirando"
        ),
        OVERDOSE: (
            "ho preso troppo|ho preso troppe|ho preso troppi|ho preso troppa|ne ho preso troppo|"
            "ne ho prese troppe|overdose di|ho preso tutte le pastiglie|ho preso tutte le pillole|"
            "ho preso tutte le compresse|ha preso troppe|ha preso troppo|sono in overdose|"
            "ho fatto un'overdose|ho ingoiato tutte|ha preso troppi|ho preso tutta la scatola"
        ),
        ABUSE: (
            "mi picchia|lui mi picchia|mio marito mi picchia|mi sta picchiando|mi mena|mi uccidera|"
            "mi ammazzera|vuole uccidermi|mi vuole uccidere|mi vuole ammazzare|mi ha violentata|"
            "mi ha violentato|mi ha stuprata|mi ha stuprato|sono stata violentata|sono stata stuprata|"
            "sono stato violentato|mi ha strangolata|minaccia di uccidermi"
        ),
        HARM: (
            "lo ammazzo|la ammazzo|lo uccido|la uccido|lo uccidero|la uccidero|voglio ucciderlo|"
            "voglio ucciderla|voglio ammazzarlo|voglio ammazzarla|voglio uccidere qualcuno|"
            "lo voglio uccidere|la voglio uccidere|lo ammazzero|lo voglio ammazzare"
        ),
    },
    "nl": {
        SUICIDE: (
            "ik wil dood|wil dood|ik wil sterven|ik wil niet meer leven|wil niet meer leven|"
            "ik wil zelfmoord plegen|zelfmoord plegen|ik ga zelfmoord plegen|ik maak mezelf van kant|"
            "ik ga mezelf doden|mezelf doden|mezelf van het leven beroven|een einde aan mijn leven|"
            "ik wou dat ik dood was|ik ben suicidaal|ik ga mijzelf doden|uit het leven stappen|"
            "ik wil er niet meer zijn|zelfmoordgedachten|liever dood|ik ga er een eind aan maken"
        ),
        MEDICAL: (
            "ik kan niet ademen|ik krijg geen lucht|krijg geen lucht|ik kan geen lucht krijgen|"
            "ik kan niet meer ademen|hij ademt niet|ze ademt niet|zij ademt niet|hij ademt niet meer|"
            "ze ademt niet meer|ademt niet|ik stik|benauwd op de borst|geen adem|kan nauwelijks ademen|"
            "haalt geen adem"
        ),
        OVERDOSE: (
            "te veel genomen|teveel genomen|te veel ingenomen|teveel ingenomen|te veel pillen|"
            "teveel pillen|overdosis|te veel geslikt|teveel geslikt|alle pillen genomen|"
            "alle pillen geslikt|te veel medicijnen|hele doos geslikt|hele strip ingenomen|"
            "alle pillen ingenomen"
        ),
        ABUSE: (
            "hij slaat me|hij slaat mij|ze slaat me|zij slaat mij|mijn man slaat me|mijn vriend slaat me|"
            "hij gaat me vermoorden|hij gaat mij vermoorden|hij vermoordt me|hij wil me vermoorden|"
            "heeft me verkracht|heeft mij verkracht|ik ben verkracht|hij mishandelt me|hij wurgt me|"
            "word mishandeld|slaat me"
        ),
        HARM: (
            "ik vermoord hem|ik vermoord haar|ik ga hem vermoorden|ik ga haar vermoorden|"
            "ik wil hem vermoorden|ik wil haar vermoorden|ik maak hem dood|ik maak haar dood|"
            "ik wil iemand vermoorden|ik ga iemand vermoorden|ik ga hem doden|ik wil hem dood maken"
        ),
    },
    "pl": {
        SUICIDE: (
            "chce umrzec|chcialbym umrzec|chcialabym umrzec|chce sie zabic|zabije sie|nie chce zyc|"
            "nie chce juz zyc|nie chce mi sie zyc|popelnic samobojstwo|popelnie samobojstwo|"
            "odebrac sobie zycie|skonczyc ze soba|skoncze ze soba|mysli samobojcze|wolalbym nie zyc|"
            "wolalabym nie zyc|chce skonczyc z zyciem|targnac sie na zycie|mam dosc zycia"
        ),
        MEDICAL: (
            "nie moge oddychac|nie moge zlapac oddechu|nie oddycha|on nie oddycha|ona nie oddycha|"
            "dusze sie|przestal oddychac|przestala oddychac|brakuje mi powietrza|ciezko mi oddychac|"
            "trudno mi oddychac|nie moge zlapac powietrza|nie moge zlapac tchu"
        ),
        OVERDOSE: (
            "wzialem za duzo|wzielam za duzo|wzialem za duza dawke|wzielam za duza dawke|przedawkowalem|"
            "przedawkowalam|polknalem wszystkie tabletki|polknelam wszystkie tabletki|"
            "wzielam wszystkie tabletki|wzialem wszystkie tabletki|przedawkowal|przedawkowala|"
            "zazylem za duzo|zazylam za duzo|za duzo tabletek|przedawkowanie lekow|polknelam za duzo"
        ),
        ABUSE: (
            "on mnie bije|bije mnie|maz mnie bije|ona mnie bije|zabije mnie|on mnie zabije|"
            "chce mnie zabic|zgwalcil mnie|zostalam zgwalcona|zostalem zgwalcony|zgwalcili mnie|"
            "dusi mnie|grozi ze mnie zabije|znecza sie nade mna|zneca sie nade mna"
        ),
        HARM: (
            "zabije go|zabije ja|zabije ich|chce go zabic|chce ja zabic|chce kogos zabic|zabije kogos|"
            "zamorduje go|zamorduje ja|musze go zabic"
        ),
    },
    "ar": {
        SUICIDE: (
            "اريد ان اموت|اريد الموت|ابغي اموت|ابي اموت|بدي اموت|عايز اموت|عاوز اموت|عايزه اموت|"
            "اريد الانتحار|بدي انتحر|سانتحر|راح انتحر|هنتحر|سوف انتحر|ساقتل نفسي|سوف اقتل نفسي|"
            "اريد ان اقتل نفسي|اقتل نفسي|لا اريد ان اعيش|ما ابغي اعيش|ما بدي عيش|مش عايز اعيش|"
            "مش عايزه اعيش|انهي حياتي|لا اريد العيش|افكر في الانتحار|اتمني الموت|اريد ان انتحر|نفسي اموت|"
            "urid an amut|ureed an amoot|uridu an amut|biddi mout|biddi moot|bidi moot|3ayez amoot|"
            "3ayza amoot|ayez amoot|urid al mawt|la urid an aeish|sa aqtul nafsi|saaqtul nafsi|abi amoot|"
            "badi mout|urid al intihar"
        ),
        MEDICAL: (
            "لا استطيع التنفس|لا استطيع ان اتنفس|لا اقدر اتنفس|ما اقدر اتنفس|مش قادر اتنفس|"
            "مش قادره اتنفس|ما فيني اتنفس|لا يتنفس|لا تتنفس|ما يتنفس|مش بيتنفس|ما عم يتنفس|هو لا يتنفس|"
            "انا اختنق|عم بختنق|توقف عن التنفس|ضيق في التنفس|la astatie altanafus|la astati3 al tanafos|"
            "la astatee3 atanafas|mish ader atnaffas|ma ba2dar etnaffas|la yatanaffas|mesh adra atnafes|"
            "mish qader atnafas|ma agdar atnafas|mesh ader atnafes"
        ),
        OVERDOSE: (
            "اخذت جرعه زائده|جرعه زائده|تناولت الكثير|اخذت الكثير من|تناولت جرعه|اخذت حبوب كثيره|"
            "اخذت كل الحبوب|بلعت كل الحبوب|تناولت كل الحبوب|شربت كل الدواء|اخدت كتير|اخدت حبوب كتير|"
            "اخذت اكثر من اللازم|بلعت حبوب كثيره|akhadt kteer|akhathtu jur3a za2ida|jur3a zaida|"
            "akhadt hboob kteer|akhadt kol el 7oboob|akhatht hboob katheera"
        ),
        ABUSE: (
            "يضربني|تضربني|زوجي يضربني|بيضربني|عم يضربني|سيقتلني|سوف يقتلني|راح يقتلني|هيقتلني|يريد قتلي|"
            "اغتصبني|تم اغتصابي|تعرضت للاغتصاب|اغتصبوني|يعنفني|خنقني|يهددني بالقتل|yadribuni|yadrebni|"
            "byidrabni|zawji yadribuni|sayaqtuluni|rah yiqtilni|ha yeqtelni|ightasabani|yadrobni|"
            "bidrobni|eghtasabni"
        ),
        HARM: (
            "ساقتله|ساقتلها|سوف اقتله|سوف اقتلها|راح اقتله|راح اقتلها|هقتله|هقتلها|اريد ان اقتله|"
            "اريد ان اقتلها|اريد قتله|بدي اقتله|عايز اقتله|اريد ان اقتل احدا|saaqtuluhu|sa aqtuluhu|"
            "rah aqtilo|ha2tilo|urid an aqtulahu|baddi iqtilo"
        ),
    },
    "hi": {
        SUICIDE: (
            "मैं मरना चाहता हूँ|मैं मरना चाहता हूं|मैं मरना चाहती हूँ|मैं मरना चाहती हूं|मरना चाहता|"
            "मरना चाहती|मर जाना चाहता|मर जाना चाहती|मुझे मरना है|मुझे मर जाना है|खुद को मार|खुदकुशी|"
            "आत्महत्या|जीना नहीं चाहता|जीना नहीं चाहती|मुझे नहीं जीना|अब जीना नहीं|अपनी जान ले|"
            "जान देना चाहता|जान देना चाहती|जान दे दूंगा|जान दे दूंगी|main marna chahta|main marna chahti|"
            "mai marna chahta|mai marna chahti|marna chahta hu|marna chahti hu|marna chahta hoon|"
            "marna chahti hoon|mujhe marna hai|mujhe mar jana hai|mar jana chahta|mar jana chahti|"
            "khud ko maar|khudkushi|aatmahatya|atmahatya|jeena nahi chahta|jeena nahi chahti|"
            "jina nahi chahta|jina nahi chahti|mujhe nahi jeena|mujhe jeena nahi|jaan de dunga|"
            "jaan de dungi|apni jaan le|suicide karna chahta|suicide karna chahti|suicide karne ka"
        ),
        MEDICAL: (
            "सांस नहीं ले पा|साँस नहीं ले पा|सांस नहीं आ रही|साँस नहीं आ रही|सांस नहीं ले रहा|"
            "सांस नहीं ले रही|साँस नहीं ले रहा|साँस नहीं ले रही|सांस नहीं ले सकता|सांस नहीं ले सकती|"
            "दम घुट रहा|सांस लेने में तकलीफ|साँस लेने में तकलीफ|सांस रुक|saans nahi le pa|"
            "sans nahi le pa|saans nahi aa rahi|sans nahi aa rahi|saans nahi le raha|saans nahi le rahi|"
            "sans nahi le raha|sans nahi le rahi|dam ghut raha|saans nahi le sakta|saans nahi le sakti|"
            "saans lene me takleef|saans nahin aa rahi"
        ),
        OVERDOSE: (
            "ज्यादा दवा खा ली|ज़्यादा दवा खा ली|बहुत ज्यादा दवा|बहुत सारी गोलियां|बहुत सारी गोलियाँ|"
            "सारी गोलियां खा|सारी गोलियाँ खा|ओवरडोज|ओवरडोज़|ज्यादा गोलियां खा|ज्यादा गोलियाँ खा|"
            "ज़्यादा गोलियाँ खा|ज्यादा ले लिया|ज्यादा ले ली|zyada dawa kha li|jyada dawa kha li|"
            "bahut zyada dawa|bahut sari goliyan|bahut saari goliyan|sari goliyan kha|saari goliyan kha|"
            "zyada goliyan kha|jyada goliyan kha|overdose ho gaya|overdose kar liya|zyada le liya|"
            "zyada dawai kha li|jyada dawai kha li|overdose le li"
        ),
        ABUSE: (
            "मुझे मारता है|मुझे मारती है|मुझे मार रहा|मुझे मार रही|मुझे पीटता|मुझे पीट रहा|"
            "मुझे मारते हैं|मुझे मार डालेगा|मुझे मार डालेगी|मुझे जान से मार|मेरा बलात्कार|"
            "मेरे साथ बलात्कार|बलात्कार किया|मेरा रेप|mujhe marta hai|mujhe maarta hai|mujhe maarti hai|"
            "mujhe marti hai|mujhe maar raha|mujhe mar raha|mujhe peetta|mujhe pitta hai|"
            "mujhe maar dalega|mujhe mar dalega|mujhe jaan se maar|mera balatkar|mera rape|"
            "mere saath rape|mere sath rape|mere saath balatkar|mujhe maarte hain"
        ),
        HARM: (
            "उसे मार डालूंगा|उसे मार डालूंगी|उसे मार डालूँगा|उसे मार डालूँगी|उसको मार डालूंगा|"
            "उसे मारना चाहता|उसे मारना चाहती|उसे जान से मार|उसका खून कर|उसे मार दूंगा|उसे मार दूंगी|"
            "उसको मार दूंगा|use maar dalunga|use mar dalunga|usko maar dalunga|usko mar dalunga|"
            "use maar dalungi|usko maar dunga|use maar dunga|use mar dunga|usko jaan se maar|"
            "use jaan se maar|uska khoon kar|usko mar dunga|usko maar daloonga"
        ),
    },
    "vi": {
        SUICIDE: (
            "toi muon chet|muon chet|em muon chet|con muon chet|toi muon tu tu|muon tu tu|toi se tu tu|"
            "toi muon tu sat|muon tu sat|toi khong muon song|khong muon song|khong muon song nua|"
            "chang muon song|toi se tu sat|ket thuc cuoc doi|ket lieu doi minh|ket thuc cuoc song|"
            "toi muon giet ban than|muon ket lieu|toi se giet chinh minh|uoc gi toi chet"
        ),
        MEDICAL: (
            "toi khong tho duoc|khong tho duoc|toi khong the tho|khong the tho|anh ay khong tho|"
            "co ay khong tho|ong ay khong tho|ba ay khong tho|khong con tho|ngung tho|toi bi kho tho|"
            "kho tho qua|toi nghet tho|khong tho noi"
        ),
        OVERDOSE: (
            "uong qua nhieu|uong qua lieu|dung qua lieu|qua lieu thuoc|toi bi qua lieu|uong het thuoc|"
            "uong het ca lo|uong nhieu thuoc qua|da uong qua nhieu thuoc|bi soc thuoc|uong nham thuoc|"
            "uong het vi thuoc|su dung qua lieu"
        ),
        ABUSE: (
            "anh ta danh toi|chong toi danh toi|chong danh toi|bi chong danh|dang danh toi|no danh toi|"
            "anh ay danh toi|se giet toi|anh ta se giet toi|muon giet toi|doa giet toi|cuong hiep toi|"
            "toi bi cuong hiep|toi bi hiep|hiep dam toi|toi bi hiep dam|bop co toi|toi bi danh dap"
        ),
        HARM: (
            "toi se giet no|toi se giet anh ta|toi se giet co ta|toi muon giet no|toi muon giet anh ta|"
            "toi muon giet co ta|toi muon giet nguoi|toi se giet han|muon giet han|toi se giet chong toi|"
            "toi se giet ho|toi muon giet ai do"
        ),
    },
    "tl": {
        SUICIDE: (
            "gusto ko nang mamatay|gusto kong mamatay|gusto ko mamatay|gusto ko na mamatay|"
            "gusto ko na pong mamatay|magpapakamatay|magpakamatay|magpapakamatay ako|"
            "papatayin ko ang sarili ko|patayin ang sarili ko|patayin ko sarili ko|ayoko nang mabuhay|"
            "ayaw ko nang mabuhay|ayoko na mabuhay|ayaw ko na mabuhay|ayoko ng mabuhay|"
            "wakasan ang buhay ko|tapusin ang buhay ko|wakasan ko na ang buhay|sana mamatay na ako|"
            "sana mamatay nalang ako|kitilin ang buhay|kitilin ang sarili"
        ),
        MEDICAL: (
            "hindi ako makahinga|di ako makahinga|hindi makahinga|di makahinga|hindi siya humihinga|"
            "di siya humihinga|hindi na siya humihinga|hindi na humihinga|hindi humihinga|"
            "nahihirapan akong huminga|hirap akong huminga|hindi na ako makahinga|hirap huminga|"
            "di na makahinga"
        ),
        OVERDOSE: (
            "sobra ang nainom|sobra ang nainom ko|na overdose|naoverdose|nag overdose|nagoverdose|"
            "sobrang dami ng nainom|naparami ang inom|naparami ako ng inom|ininom ko lahat|"
            "sobra sa gamot|sobrang gamot|nainom ko lahat|uminom ako ng sobra|"
            "uminom ako ng maraming gamot|ininom ko lahat ng gamot|naparami ng inom|sobra ang ininom"
        ),
        ABUSE: (
            "sinasaktan ako|sinasaktan niya ako|binubugbog ako|binubugbog niya ako|sinusuntok ako|"
            "pinapalo ako|papatayin ako|papatayin niya ako|ginahasa ako|ginahasa niya ako|ni rape ako|"
            "nirape ako|na rape ako|hinalay ako|sinakal ako|binugbog ako|nirape niya ako"
        ),
        HARM: (
            "papatayin ko siya|papatayin ko sya|papatayin ko sila|gusto ko siyang patayin|"
            "gusto ko syang patayin|papatay ako|gusto kong pumatay|papatayin ko asawa ko|"
            "papatayin ko ang asawa ko|gusto ko silang patayin|mapapatay ko siya|mapapatay ko sya"
        ),
    },
    "ru": {
        SUICIDE: (
            "хочу умереть|я хочу умереть|хочу сдохнуть|хочется умереть|хочу убить себя|убью себя|"
            "покончу с собой|покончить с собой|хочу покончить|не хочу жить|не хочу больше жить|"
            "больше не хочу жить|не хочется жить|самоубийство|суицидальные мысли|наложить на себя руки|"
            "свести счеты с жизнью|лучше бы я умер|лучше бы я умерла|хочу повеситься|думаю о суициде|"
            "совершить суицид|khochu umeret|hochu umeret|xochu umeret|ya hochu umeret|ne hochu zhit|"
            "ne khochu zhit|ne xochu zhit|ubyu sebya|pokonchu s soboy|pokonchit s soboy|hochu ubit sebya|"
            "khochu ubit sebya|hochu sdohnut|ne hochu jit"
        ),
        MEDICAL: (
            "не могу дышать|я не могу дышать|не дышит|он не дышит|она не дышит|задыхаюсь|"
            "не хватает воздуха|перестал дышать|перестала дышать|трудно дышать|тяжело дышать|"
            "не могу вздохнуть|ne mogu dyshat|ne mogu dishat|ne dyshit|ne dishit|zadyhayus|zadykhayus|"
            "trudno dyshat|tyazhelo dyshat|on ne dyshit|ona ne dyshit"
        ),
        OVERDOSE: (
            "принял слишком много|приняла слишком много|выпил слишком много таблеток|"
            "выпила слишком много таблеток|передозировка|у меня передоз|передоз|выпил все таблетки|"
            "выпила все таблетки|наглотался таблеток|наглоталась таблеток|выпил много таблеток|"
            "выпила много таблеток|слишком большую дозу|наглотался|наглоталась|prinyal slishkom mnogo|"
            "prinyala slishkom mnogo|peredozirovka|vypil vse tabletki|vypila vse tabletki|peredoz|"
            "vipil vse tabletki|vipila vse tabletki|vypil slishkom mnogo tabletok"
        ),
        ABUSE: (
            "он меня бьет|меня бьет|муж меня бьет|муж бьет меня|бьет меня|она меня бьет|он меня убьет|"
            "он убьет меня|меня убьет|хочет меня убить|меня изнасиловали|он изнасиловал меня|"
            "он меня изнасиловал|изнасиловал меня|меня душит|избивает меня|угрожает убить меня|"
            "меня избивает|on menya bet|on menya byot|muzh menya bet|muj menya bet|muzh byot menya|"
            "on menya ubet|on menya ubyot|menya iznasilovali|on menya iznasiloval|on ubet menya|"
            "byet menya|on menya byet"
        ),
        HARM: (
            "я его убью|я ее убью|убью его|убью ее|хочу его убить|хочу ее убить|хочу убить его|"
            "хочу убить ее|я убью их|хочу кого-нибудь убить|хочу кого то убить|хочу убить кого|"
            "зарежу его|зарежу ее|ya ego ubyu|ya ee ubyu|ubyu ego|ubyu ee|hochu ego ubit|hochu ubit ego|"
            "khochu ego ubit|ya ubyu ego"
        ),
    },
    "zh": {
        SUICIDE: (
            "我想死|想死了|我想去死|我要自杀|我要自殺|想自杀|想自殺|我不想活|不想活了|不想活下去|"
            "活不下去|我想结束生命|我想結束生命|结束自己的生命|結束自己的生命|我要杀了自己|我要殺了自己|"
            "我想杀了自己|我想殺了自己|轻生|輕生|不如死了|我想自尽|我想自盡|想一死了之|wo xiang si|"
            "wo xiang zisha|wo bu xiang huo|wo yao zisha|bu xiang huo le|xiang zisha|huo bu xia qu"
        ),
        MEDICAL: (
            "喘不过气|喘不過氣|无法呼吸|無法呼吸|不能呼吸|没办法呼吸|沒辦法呼吸|呼吸不了|没有呼吸|"
            "沒有呼吸|没呼吸|沒呼吸|不呼吸|停止呼吸|呼吸困难|呼吸困難|透不过气|透不過氣|喘不上气|"
            "喘不上氣|wo wufa huxi|wo bu neng huxi|meiyou huxi|huxi kunnan|chuan bu guo qi|"
            "wo huxi bu liao|huxi bu liao"
        ),
        OVERDOSE: (
            "吃太多药|吃太多藥|吃了太多|药吃多了|藥吃多了|吃多了药|吃多了藥|药物过量|藥物過量|服药过量|"
            "服藥過量|吃药过量|吃藥過量|用药过量|用藥過量|把药都吃了|把藥都吃了|吞了一瓶|吞了很多药|"
            "吞了很多藥|吃了一整瓶|过量服用|過量服用|吃了很多安眠药|吃了很多安眠藥|chi le tai duo yao|"
            "chi tai duo yao|yao chi duo le|yaowu guoliang|ba yao dou chi le|chile tai duo yao"
        ),
        ABUSE: (
            "他打我|她打我|老公打我|丈夫打我|男朋友打我|他在打我|他一直打我|他要杀我|他要殺我|他会杀了我|"
            "他會殺了我|要杀了我|要殺了我|强奸了我|強姦了我|强暴了我|強暴了我|我被强奸|我被強姦|我被强暴|"
            "我被強暴|性侵我|性侵了我|我被性侵|家暴|掐我脖子|ta da wo|laogong da wo|zhangfu da wo|"
            "ta yao sha wo|ta hui sha le wo|qiangjian le wo|wo bei qiangjian|ta yao sha le wo"
        ),
        HARM: (
            "我要杀了他|我要殺了他|我要杀了她|我要殺了她|我想杀了他|我想殺了他|我想杀了她|我想殺了她|"
            "我要杀他|我要殺他|我想杀人|我想殺人|我要杀人|我要殺人|我会杀了他|我會殺了他|我要杀死他|"
            "我要殺死他|想杀死他|想殺死他|wo yao sha le ta|wo xiang sha le ta|wo yao sha ta|"
            "wo xiang sha ren|wo yao sha ren|wo hui sha le ta"
        ),
    },
}


@dataclass(frozen=True)
class Match:
    """A phrase found: what it says, in which language, how urgent, about whom."""

    kind: str
    language: str
    urgency: str
    subject: str = "self"


def plain(text: str) -> str:
    """Return a text in lower case, without accents or marks, its words parted by single spaces."""
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).lower()
    text = text.replace("đ", "d").replace("ł", "l").replace("ı", "i").replace("ß", "ss").replace("ё", "е")
    kept = []
    for char in unicodedata.normalize("NFD", text):
        category = unicodedata.category(char)
        if category in ("Mn", "Cf") and not "\u0900" <= char <= "\u097f":
            continue
        kept.append(char if char == "'" or category[0] in "LM" or char.isdigit() else " ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).translate(_ARABIC).split())


def _prepared() -> tuple[tuple[str, str, str, bool], ...]:
    """Return every phrase as it is looked for, with its language, kind and whether it is written without spaces."""
    rows = []
    for language, kinds in _PHRASES.items():
        for kind, listed in kinds.items():
            for phrase in dict.fromkeys(plain(phrase) for phrase in listed.split("|")):
                if phrase:
                    unspaced = bool(_CJK.search(phrase))
                    rows.append((phrase if unspaced else f" {phrase} ", language, kind, unspaced))
    return tuple(rows)


_ROWS = _prepared()
_ROWS_BESIDE_THE_RULES = tuple(row for row in _ROWS if row[1] not in _FALLBACK_ONLY)
_PLAIN_NEGATIONS = {language: tuple(plain(word) for word in words.split()) for language, words in _NEGATIONS.items()}


def read(text: str, *, everything: bool = False) -> tuple[Match, ...]:
    """Return the statements of the core list in a text; never raises.

    Args:
        text: The message.
        everything: Whether English and Spanish are read too, as the stand-in for the rules.

    Returns:
        One match for each language and kind, in a fixed order.
    """
    try:
        return _read(text, everything)
    except Exception:  # the last line of defence must not fail a visitor
        return ()


def _read(text: str, everything: bool) -> tuple[Match, ...]:
    bare = plain(text)
    spaced, joined = f" {bare} ", bare.replace(" ", "")
    found: dict[Match, None] = {}
    for phrase, language, kind, unspaced in _ROWS if everything else _ROWS_BESIDE_THE_RULES:
        within = joined if unspaced else spaced
        if phrase in within and not _negated(within, phrase, _PLAIN_NEGATIONS[language], spaces=not unspaced):
            found[Match(kind, language, "now" if kind in _NOW else "soon", _subject(kind))] = None
    return tuple(found)


def _subject(kind: str) -> str:
    return "other" if kind == THIRD_PARTY else "self"


def _negated(text: str, phrase: str, negations: tuple[str, ...], *, spaces: bool = False) -> bool:
    """Say whether a negation stands directly before every place where a phrase occurs."""
    start = text.find(phrase)
    while start >= 0:
        before = text[:start]
        ends = (f" {word}" for word in negations) if spaces else iter(negations)
        if not any(f" {before}".endswith(word) for word in ends):
            return False
        start = text.find(phrase, start + 1)
    return True
