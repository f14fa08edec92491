"""The people and the accounts of one seed: whom and what its users hang records
on, and whether both sides say the same in the end and nothing is lost. Both
sides' people and accounts go by their Salesforce ids here."""

# as conflicts name it: HubSpot's list, Salesforce's field
TIES = {"contact_association": ("contacts", "WhoId"),
        "account_association": ("companies", "WhatId")}
CONTACT, ACCOUNT = TIES
PREFIX = {"Contact": ("003", "AAA"), "Lead": ("00Q", "EAA"),
          "Account": ("001", "AAA")}


class Ties:
    """Two people and two accounts; an odd seed has a lead, too."""

    def __init__(self, seed):
        self.first = 1_000_000 + 10 * seed
        objects = ["Contact", "Contact"] + ["Lead"] * (seed % 2)
        self.objects = {CONTACT: objects, ACCOUNT: ["Account"] * 2}
        # HubSpot's ids to Salesforce's
        self.ids = {name: {str(self.first + i): self.salesforce_id(what, i)
                           for i, what in enumerate(self.objects[name])}
                    for name in TIES}
        self.lead = dict(zip(objects, self.ids[CONTACT].values())).get("Lead")

    def salesforce_id(self, what, i):
        """The one that a user of Salesforce has given it, so to speak."""
        start, end = PREFIX[what]
        return f"{start}9{self.first + i:011d}{end}"

    def rows(self, side):
        """[(what, row)] to be loaded so that all of them are there."""
        for name, ids in self.ids.items():
            for what, (number, sf_id) in zip(self.objects[name], ids.items()):
                word = what + number
                if side == "salesforce":
                    yield what, {"Id": sf_id, **(
                        {"Name": word} if name == ACCOUNT else
                        {"LastName": word, "Company": word})}
                else:
                    yield TIES[name][0], {"id": number, "properties": {
                        "name" if name == ACCOUNT else "email":
                            word if name == ACCOUNT else word + "@example.com",
                        f"salesforce{what.lower()}id": sf_id}}

    # -- what users do ----------------------------------------------------

    def start(self, rand, side):
        """What a new record hangs on: {name: [ids]}."""
        most = 2 if side == "hubspot" else 1
        people, accounts = (list(self.ids[name].values()) for name in TIES)
        return self.allowed(side, {
            CONTACT: rand.sample(people, rand.randrange(1, most + 1)),
            ACCOUNT: rand.sample(accounts, rand.randrange(2))}, people)

    def change(self, rand, side, name, had, may_clear):
        """What it is to hang on: another one, one more, or nothing. `had` is
        what users know of it: {name: [ids]}."""
        what = rand.randrange(4)
        own = list(self.ids[name].values())
        others = [i for i in own if i not in had[name]] or own
        new = [rand.choice(others)]
        if what == 0 and may_clear:
            new = []
        elif what == 1 and side == "hubspot":
            new += [i for i in had[name] if i not in new]
        return self.allowed(side, {name: new}, self.ids[CONTACT].values())

    def allowed(self, side, new, people):
        """Salesforce refuses an account beside a lead."""
        if side == "salesforce" and self.lead:
            if self.takes_account(new):
                new.pop(ACCOUNT, None)
            elif new.get(ACCOUNT) and not new.get(CONTACT):
                new[CONTACT] = [next(iter(people))]
        return new

    def takes_account(self, new):
        """Do users of Salesforce hang it on a lead?"""
        return self.lead is not None and self.lead in new.get(CONTACT, ())

    def native(self, side, new):
        """The same as a part of a row. That a lead leaves no place for an
        account is no choice of the user's."""
        if side == "salesforce":
            row = {TIES[n][1]: ids[0] if ids else None
                   for n, ids in new.items()}
            return row | ({"WhatId": None} if self.takes_account(new) else {})
        return {"associations": {TIES[n][0]: [
            number for number, i in self.ids[n].items() if i in ids]
                                 for n, ids in new.items()}} if new else {}

    def read(self, side, record):
        """What a record hangs on: {name: [ids]}; whoever is not one of these
        is there by its own id."""
        if side == "salesforce":
            return {n: [record[field]] if record[field] else []
                    for n, (_, field) in TIES.items()}
        return {n: [self.ids[n].get(i, i)
                    for i in record["associations"].get(name, [])]
                for n, (name, _) in TIES.items()}

    # -- judging ----------------------------------------------------------

    def judge(self, name, here, over, users):
        """What is wrong in the end, `here` in HubSpot, `over` in Salesforce:
        {name: [ids]}; `users` wrote [(side, ids, when)]."""
        one, many = over[name], here[name]
        known = {i for _, ids, _ in users for i in ids}
        is_beside_lead = name == ACCOUNT and self.lead in over[CONTACT]
        if not (is_beside_lead and not one or set(one) <= set(many)):
            yield f"{many} | {one}"
        if many and not one and not is_beside_lead and not was_cleared(users):
            yield f"{many} | nothing"
        if not known >= set(many + one):
            yield f"{many} | {one} is nobody's"


def was_cleared(users):
    """Did users of Salesforce last hang it on nothing? Then whoever was not
    agreed on stays in HubSpot."""
    last = [ids for side, ids, _ in users if side == "salesforce"][-1:]
    return last == [[]]


def each(ids):
    """Them, or nothing as a value."""
    return set(ids) or {""}
